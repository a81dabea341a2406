/** The workflows of openapi/workflows/, run by a tool that knows only the contract. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { parse } from 'yaml';
import { runRedocly } from '../../openapi/tools/redocly.ts';
import { basePath, useApp } from '../support/app.ts';
import { newPerson, registration, type Person } from '../support/people.ts';

const directory = 'openapi/workflows';

interface Arazzo {
  readonly workflows: readonly { readonly inputs: { readonly required: readonly string[] } }[];
}

describe('the workflows', function () {
  this.timeout(60_000);
  const app = useApp();
  let admin: Person;

  before('create an administrator', async () => {
    admin = await app.signIn('admin');
  });

  for (const document of readdirSync(directory)) {
    it(`succeed step by step: ${document}`, async () => {
      const { workflows } = parse(readFileSync(`${directory}/${document}`, 'utf8')) as Arazzo;
      const registers =
        workflows[0]?.inputs.required.includes('password') && workflows[0].inputs.required.includes('full_name');
      const person = registers ? newPerson() : await app.signIn();
      const inputs = { ...registration(person), admin_email: admin.email, admin_password: admin.password };

      const report = await respect(`${directory}/${document}`, inputs);

      expect(report).to.match(/Steps: (\d+) passed, \1 total/);
    });
  }

  async function respect(file: string, inputs: Record<string, string>): Promise<string> {
    const given = Object.entries(inputs).map(([name, value]) => `--input=${name}=${value}`);
    try {
      return await runRedocly('respect', file, `--server=latchkey=${app.origin}${basePath}`, ...given);
    } catch (error) {
      // Its output says what failed.
      const { cause } = error as { cause?: { stdout?: string } };
      throw new Error(`${file}\n${cause?.stdout ?? ''}`, { cause: error });
    }
  }
});
