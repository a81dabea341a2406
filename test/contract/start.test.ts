/** A contract that can't be compiled ends a start, not a request. */
import { expect } from 'chai';
import { createApp } from '../../src/process/app.ts';
import { loadConfig } from '../../src/platform/config/config.ts';
import { createContext, type Context } from '../../src/process/context.ts';
import type { Contract } from '../../src/platform/contract.ts';
import { createLog } from '../../src/platform/log/log.ts';
import { testEnvironment } from '../support/app.ts';

interface Document {
  paths: Record<string, Record<string, { requestBody?: object }>>;
  components: { schemas: Record<string, Record<string, unknown>>; parameters: Record<string, { schema: object }> };
}

describe('a start', () => {
  // This never connects to the database.
  const { config, secrets } = loadConfig(testEnvironment('postgres://nobody@127.0.0.1:1/nowhere'));
  let context: Context;

  before(async () => {
    context = await createContext(config, secrets, 'postgres://nobody@127.0.0.1:1/nowhere', createLog(config.log));
  });
  after(() => context.close());

  /** Starts on a changed contract; returns the error, if any. */
  async function start(change: (document: Document) => void): Promise<Error | undefined> {
    const document = structuredClone(context.contract) as unknown as Document;
    change(document);
    try {
      await createApp({ ...context, contract: document as unknown as Contract }).compileChecks();
      return undefined;
    } catch (error) {
      return error as Error;
    }
  }

  it('succeeds with the current contract', async () => {
    expect(await start(() => {})).to.equal(undefined);
  });

  const broken: Record<string, [change: (document: Document) => void, message: RegExp]> = {
    'an invalid pattern in a body': [
      ({ components }) => (components.schemas['RefreshToken']!['pattern'] = '(['),
      /cannot be compiled/,
    ],
    'an invalid pattern in a parameter': [
      ({ components }) => Object.assign(components.parameters['Cursor']!.schema, { pattern: '([' }),
      /cannot be compiled/,
    ],
    'an unknown type': [({ components }) => (components.schemas['FullName']!['type'] = 'text'), /./],
    'a dangling reference': [
      ({ components }) =>
        (components.schemas['NewUser']!['properties'] = { email: { $ref: '#/components/schemas/Gone' } }),
      /./,
    ],
    'a missing operation': [({ paths }) => delete paths['/auth/me']!['patch'], /updateCurrentUser/],
    'a missing path': [({ paths }) => delete paths['/users/{user_id}'], /the contract has no \w+User/],
    'a document that is not OpenAPI': [(document) => Reflect.deleteProperty(document, 'openapi'), /./],
  };
  for (const [what, [change, message]] of Object.entries(broken)) {
    it(`fails on ${what}`, async () => {
      const error = await start(change);
      expect(error).to.be.instanceOf(Error);
      expect(error?.message).to.match(message);
    });
  }
});
