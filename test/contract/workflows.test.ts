/** The workflows of openapi/workflows/, run by a tool that knows only the contract. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { parse } from 'yaml';
import { runRedocly } from '../../openapi/tools/redocly.ts';
import { basePath, useApp, useSecondApp, type SignedIn, type TestApp } from '../support/app.ts';
import { shownCode } from '../support/factors.ts';
import { deliverMails } from '../support/mails.ts';
import { newPerson, registration, type Person } from '../support/people.ts';
import { operations } from './requests.ts';

const directory = 'openapi/workflows';

interface Workflow {
  readonly workflowId: string;
  readonly inputs: { readonly required: readonly string[] };
  readonly steps: readonly { readonly stepId: string; readonly operationId: string }[];
}

const documents = readdirSync(directory).map((file) => {
  const { workflows } = parse(readFileSync(`${directory}/${file}`, 'utf8')) as { workflows: Workflow[] };
  return { file, workflows };
});

/** The input that takes the token or the code of a mailed link, by the page that the link opens. */
const mailedInputs: Record<string, string> = {
  '/reset-password': 'reset_token',
  '/verify-email': 'verification_token',
  '/undo-email-change': 'undo_token',
  '/sign-in': 'login_code',
};

/** Probes, what other services ask, and what an authenticator takes part in: no client's journey includes them. */
const outsideJourneys = [
  ...['getAuthorizationServerMetadata', 'getHealth', 'getJwks', 'getReadiness'],
  ...['beginPasskeyLogin', 'beginPasskeyRegistration', 'listPasskeys', 'loginWithPasskey'],
  ...['registerPasskey', 'removePasskey', 'renamePasskey'],
].sort();

describe('the workflows', function () {
  const app = useApp();
  const verifying = useSecondApp(app, { env: { REGISTRATION: 'verified' } });
  const strict = useSecondApp(app, { env: { REQUIRE_VERIFIED_EMAIL: 'on' } });
  const servers: Record<string, TestApp> = { 'verify-an-address.yaml': verifying, 'verify-to-sign-in.yaml': strict };
  let admin: Person;

  before('create an administrator', async () => {
    admin = await app.signIn('admin');
  });

  it('include every operation that a client calls', () => {
    const steps = documents.flatMap(({ workflows }) => workflows.flatMap((workflow) => workflow.steps));
    const called = new Set(steps.map(({ operationId }) => operationId));

    const missing = operations.map(({ id }) => id as string).filter((id) => !called.has(id));
    expect(missing.sort()).to.deep.equal(outsideJourneys);
  });

  for (const { file, workflows } of documents) {
    describe(file, () => {
      const server = servers[file] ?? app;
      let inputs: Record<string, string>;

      before('give its inputs', async () => {
        const { required } = workflows[0]!.inputs;
        const isNew = required.includes('password') && required.includes('full_name');
        const signedIn = isNew ? undefined : await app.signIn();
        const another = newPerson();
        inputs = {
          ...registration(signedIn),
          new_email: another.email,
          new_password: another.password,
          admin_email: admin.email,
          admin_password: admin.password,
        };
        if (signedIn) {
          await age(signedIn);
          inputs['refresh_token'] = signedIn.refreshToken;
        }
      });

      for (const { workflowId, steps } of workflows) {
        it(`succeeds step by step: ${workflowId}`, async () => {
          const report = await respect(`${directory}/${file}`, workflowId, inputs, server.origin);

          expect(report).to.include(`Steps: ${steps.length} passed, ${steps.length} total`);
          Object.assign(inputs, await mailedTokens(), await shownCode(app));
        });
      }
    });
  }

  /** Makes it an hour since the person entered the password. */
  async function age({ id }: SignedIn): Promise<void> {
    const authenticated_at = new Date(Date.now() - 3_600_000);
    await app.context.database.pool('sessions').where({ user_id: id }).update({ authenticated_at });
  }

  /** What a person finds in the links of the mails that came since; of several to the same page, the latest counts. */
  async function mailedTokens(): Promise<Record<string, string>> {
    const mails = await deliverMails(app);
    const links = mails.flatMap(({ link, token = '', code = token }) =>
      link ? [[new URL(link).pathname, code] as const] : [],
    );
    return Object.fromEntries(links.map(([page, secret]) => [mailedInputs[page]!, secret]));
  }

  async function respect(
    file: string,
    workflow: string,
    inputs: Record<string, string>,
    origin: string,
  ): Promise<string> {
    const given = Object.entries(inputs).map(([name, value]) => `--input=${name}=${value}`);
    const options = [`--workflow=${workflow}`, `--server=latchkey=${origin}${basePath}`, ...given];
    try {
      return await runRedocly('respect', file, ...options);
    } catch (error) {
      // Its output says what failed.
      const { cause } = error as { cause?: { stdout?: string } };
      throw new Error(`${file}\n${cause?.stdout ?? ''}`, { cause: error });
    }
  }
});
