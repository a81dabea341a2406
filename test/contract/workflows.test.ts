/** The workflows of openapi/workflows/, run by a tool that knows only the contract. */
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import type { components } from '../../generated/openapi.ts';
import { basePath, useApp, useSecondApp, type SignedIn, type TestApp } from '../support/app.ts';
import { answer, makeCredential, type Credential } from '../support/authenticator.ts';
import { shownCode } from '../support/factors.ts';
import { addJob, deadJob } from '../support/listed-jobs.ts';
import { deliverMails } from '../support/mails.ts';
import { newPerson, registration, type Person } from '../support/people.ts';
import { useRedocly } from '../support/redocly.ts';
import { operations } from './requests.ts';

const directory = 'openapi/workflows';

type Wire = components['schemas'];

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

/** Probes, and what other services ask: no client's journey includes them. */
const outsideJourneys = ['getAuthorizationServerMetadata', 'getHealth', 'getJwks', 'getReadiness'];

describe('the workflows', function () {
  const app = useApp();
  const verifying = useSecondApp(app, { env: { REGISTRATION: 'verified' } });
  const strict = useSecondApp(app, { env: { REQUIRE_VERIFIED_EMAIL: 'on' } });
  const redocly = useRedocly();
  const servers: Record<string, TestApp> = { 'verify-an-address.yaml': verifying, 'verify-to-sign-in.yaml': strict };
  let admin: Person;
  let logs: string;

  before('make a place for what it logs', async () => {
    logs = await mkdtemp(path.join(tmpdir(), 'latchkey-workflows-'));
  });
  after(() => rm(logs, { recursive: true }));
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
      const authenticator = anAuthenticator();
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
        if (file === 'failed-jobs.yaml') await failToMail(2);
        if (signedIn) {
          await age(signedIn);
          inputs['refresh_token'] = signedIn.refreshToken;
        }
      });

      for (const { workflowId, steps } of workflows) {
        it(`succeeds step by step: ${workflowId}`, async () => {
          const { report, answers } = await respect(`${directory}/${file}`, workflowId, inputs, server.origin);

          expect(report).to.include(`Steps: ${steps.length} passed, ${steps.length} total`);
          Object.assign(inputs, await mailedTokens(), await shownCode(app), authenticator(answers));
        });
      }
    });
  }

  /** Makes it an hour since the person entered the password. */
  async function age({ id }: SignedIn): Promise<void> {
    const authenticated_at = new Date(Date.now() - 3_600_000);
    await app.context.database.pool('sessions').where({ user_id: id }).update({ authenticated_at });
  }

  /** Makes mails die that can be sent by now. */
  async function failToMail(count: number): Promise<void> {
    const payload = { to: admin.email, notice: 'password_changed', values: { at: new Date().toISOString() } };
    for (let mail = 0; mail < count; mail += 1) await addJob(app, { ...deadJob(), payload });
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
  ): Promise<{ readonly report: string; readonly answers: readonly unknown[] }> {
    const given = Object.entries(inputs).map(([name, value]) => `--input=${name}=${value}`);
    const log = path.join(logs, 'log.json');
    const options = [`--workflow=${workflow}`, `--server=latchkey=${origin}${basePath}`, ...given];
    const report = await redocly('respect', file, ...options, `--json-output=${log}`, '--no-secrets-masking');
    return { report, answers: answersIn(await readFile(log, 'utf8')) };
  }
});

/** What the server answered to each step, in order. */
function answersIn(log: string): unknown[] {
  const { files } = JSON.parse(log) as { files: Record<string, { executedWorkflows: ExecutedWorkflow[] }> };
  const executed = Object.values(files).flatMap(({ executedWorkflows }) => executedWorkflows);
  return executed.flatMap(({ executedSteps }) => executedSteps.map(({ response }) => response?.body));
}

interface ExecutedWorkflow {
  readonly executedSteps: readonly { readonly response?: { readonly body?: unknown } }[];
}

/** What a browser and its authenticator make of the last options that a workflow got, as inputs of the next; nothing without options. */
function anAuthenticator() {
  let credential: Credential | undefined;
  return (answers: readonly unknown[]): Record<string, string> => {
    const options = answers.map((body) => (body as Partial<Options> | undefined)?.public_key).findLast(Boolean);
    if (!options) return {};
    const challenges = answers.map((body) => (body as Partial<Challenged> | undefined)?.challenge?.token);
    const challengeToken = challenges.findLast(Boolean);
    if (isForCreation(options)) {
      const made = makeCredential(options);
      ({ credential } = made);
      const { clientDataJSON, attestationObject } = made.json.response;
      return { credential_id: made.json.id, client_data: clientDataJSON, attestation_object: attestationObject };
    }
    const { id, response } = answer(options, credential!);
    return {
      credential_id: id,
      client_data: response.clientDataJSON,
      authenticator_data: response.authenticatorData,
      signature: response.signature,
      user_handle: response.userHandle!,
      ...(challengeToken !== undefined && { challenge_token: challengeToken }),
    };
  };
}

type Options = Wire['PasskeyRegistrationOptions'] | Wire['PasskeyLoginOptions'];

const isForCreation = (options: Options['public_key']): options is Wire['PublicKeyCredentialCreationOptions'] =>
  'user' in options;

interface Challenged {
  readonly challenge: Wire['LoginChallenge'];
}
