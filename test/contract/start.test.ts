/** A contract that can't be compiled fails the start, and no request. */
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
  // It asks no database.
  const { config, secrets } = loadConfig(testEnvironment('postgres://nobody@127.0.0.1:1/nowhere'));
  let context: Context;

  before(async () => {
    context = await createContext(config, secrets, 'postgres://nobody@127.0.0.1:1/nowhere', createLog(config.log));
  });
  after(() => context.close());

  /** What became of a start on the contract after a change. */
  async function start(change: (document: Document) => void): Promise<Error | undefined> {
    const document = structuredClone(context.contract) as unknown as Document;
    change(document);
    return createApp({ ...context, contract: document as unknown as Contract }).then(
      () => undefined,
      (error: unknown) => error as Error,
    );
  }

  it('succeeds on the contract as it is', async () => {
    expect(await start(() => {})).to.equal(undefined);
  });

  const broken: Record<string, [change: (document: Document) => void, message: RegExp]> = {
    'a pattern in a body that is no regular expression': [
      ({ components }) => (components.schemas['RefreshToken']!['pattern'] = '(['),
      /cannot be compiled/,
    ],
    'a pattern in a parameter that is no regular expression': [
      ({ components }) => Object.assign(components.parameters['Cursor']!.schema, { pattern: '([' }),
      /cannot be compiled/,
    ],
    'a type that there is not': [({ components }) => (components.schemas['FullName']!['type'] = 'text'), /./],
    'a reference that leads nowhere': [
      ({ components }) =>
        (components.schemas['NewUser']!['properties'] = { email: { $ref: '#/components/schemas/Gone' } }),
      /./,
    ],
    'an operation that is gone': [({ paths }) => delete paths['/auth/me']!['patch'], /updateCurrentUser/],
    'a path that is gone': [({ paths }) => delete paths['/users/{user_id}'], /the contract has no \w+User/],
    'a document that is no OpenAPI': [(document) => Reflect.deleteProperty(document, 'openapi'), /./],
  };
  for (const [what, [change, message]] of Object.entries(broken)) {
    it(`fails on ${what}`, async () => {
      const error = await start(change);
      expect(error).to.be.instanceOf(Error);
      expect(error?.message).to.match(message);
    });
  }
});
