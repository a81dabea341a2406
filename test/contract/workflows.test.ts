/** The journeys of openapi/workflows/, run by a tool that knows the contract and nothing of the server. */
import { readdirSync } from 'node:fs';
import { expect } from 'chai';
import { runRedocly } from '../../openapi/tools/redocly.ts';
import { basePath, useApp } from '../support/app.ts';
import { newPerson, registration, type Person } from '../support/people.ts';

const directory = 'openapi/workflows';

describe('the workflows', function () {
  this.timeout(60_000);
  const app = useApp();
  let admin: Person;

  before('make an administrator', async () => {
    admin = await app.signIn('admin');
  });

  /** What the workflow of a document is given: somebody new, or somebody with an account. */
  const people: Record<string, () => Promise<Person>> = {
    'administrators-day.yaml': async () => newPerson(),
    'first-sign-in.yaml': async () => newPerson(),
    'keep-a-session.yaml': () => app.signIn(),
    'what-goes-wrong.yaml': () => app.signIn(),
  };

  it('are all here', () => {
    expect(readdirSync(directory).sort()).to.deep.equal(Object.keys(people));
  });

  for (const [document, person] of Object.entries(people)) {
    it(`of ${document} go as it says`, async () => {
      const inputs = { ...registration(await person()), admin_email: admin.email, admin_password: admin.password };

      const report = await respect(`${directory}/${document}`, inputs);

      expect(report).to.match(/Steps: (\d+) passed, \1 total/);
    });
  }

  async function respect(file: string, inputs: Record<string, string>): Promise<string> {
    const given = Object.entries(inputs).map(([name, value]) => `--input=${name}=${value}`);
    try {
      return await runRedocly('respect', file, `--server=latchkey=${app.origin}${basePath}`, ...given);
    } catch (error) {
      // What failed stands in what it printed.
      const { cause } = error as { cause?: { stdout?: string } };
      throw new Error(`${file}\n${cause?.stdout ?? ''}`, { cause: error });
    }
  }
});
