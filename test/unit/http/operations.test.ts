import { expect } from 'chai';
import { operationsModule, type ContractDocument } from '../../../openapi/tools/generate/operations.ts';
import type { Role } from '../../../src/access/user.ts';
import { serverDocument } from '../../../openapi/tools/generate/server-document.ts';

type Paths = ContractDocument['paths'];

const securitySchemes = { bearerAuth: {}, apiKey: { 'x-scopes': { 'things:change': 'Change things.' } } };

const contract = (paths: Paths, others: Partial<ContractDocument> = {}): ContractDocument => ({
  servers: [{ url: '/api/v1' }],
  components: { securitySchemes },
  paths,
  ...others,
});

/** The table of operations that the server makes from a contract. */
async function tableOf(document: ContractDocument) {
  const source = operationsModule(document).replaceAll('} as const;', '};');
  const url = `data:text/javascript,${encodeURIComponent(source)}`;
  return (await import(url)) as { basePath: string; operations: Record<string, Record<string, unknown>> };
}

const makeThing = {
  operationId: 'makeThing',
  parameters: [{ $ref: '#/components/parameters/Key' }],
  requestBody: { content: {} },
  security: [],
};
const ofRole = (leastRole: Role) => ({ scheme: 'bearerAuth', leastRole });

const open = (operationId: string) => ({ get: { operationId, security: [] } });

const things = { get: { operationId: 'listThings', security: [{ bearerAuth: ['moderator'] }] } };

const parameters = {
  Key: { in: 'header', name: 'Idempotency-Key' },
  Transport: { in: 'header', name: 'Session-Transport' },
};

describe('table of operations', () => {
  it('holds what the contract says of each operation', async () => {
    const { basePath, operations } = await tableOf(
      contract(
        {
          '/things': { ...things, post: makeThing },
          '/things/{id}': {
            patch: {
              operationId: 'changeThing',
              parameters: [{ $ref: '#/components/parameters/Transport' }],
              security: [{ bearerAuth: ['admin'] }, { apiKey: ['things:change'] }],
              'x-assurance': { max_age: 600 },
              'x-rate-limit': 'credentials',
            },
          },
        },
        { components: { securitySchemes, parameters } },
      ),
    );

    const usual = {
      assurance: null,
      withoutSecondFactor: false,
      rateLimit: 'standard',
      hasBody: false,
      binaryBody: null,
      hasBinaryReply: false,
      takesIdempotencyKey: false,
      takesSessionTransport: false,
    };
    expect(basePath).to.equal('/api/v1');
    expect(operations).to.deep.equal({
      listThings: {
        ...usual,
        method: 'get',
        path: '/things',
        fullPath: '/api/v1/things',
        access: [ofRole('moderator')],
      },
      makeThing: {
        ...usual,
        method: 'post',
        path: '/things',
        fullPath: '/api/v1/things',
        access: 'public',
        withoutSecondFactor: true,
        hasBody: true,
        takesIdempotencyKey: true,
      },
      changeThing: {
        ...usual,
        takesSessionTransport: true,
        method: 'patch',
        path: '/things/{id}',
        fullPath: '/api/v1/things/{id}',
        access: [ofRole('admin'), { scheme: 'apiKey', scopes: ['things:change'] }],
        assurance: { maxAgeSeconds: 600 },
        rateLimit: 'credentials',
      },
    });
  });

  it("falls back to the document's security, which an empty list of an operation lifts", async () => {
    const paths: Paths = { '/a': { get: { operationId: 'a' } }, '/b': open('b') };

    const { operations } = await tableOf(contract(paths, { security: [{ bearerAuth: ['user'] }] }));

    expect(operations['a']).to.have.deep.property('access', [ofRole('user')]);
    expect(operations['b']).to.have.property('access', 'public');
  });

  it("doesn't depend on the order of the contract", () => {
    const [a, b] = [open('a'), open('b')];

    expect(operationsModule(contract({ '/a': a, '/b': b }))).to.equal(operationsModule(contract({ '/b': b, '/a': a })));
  });

  it("skips what isn't an operation", async () => {
    const { operations } = await tableOf(contract({ '/things': { ...things, parameters: {} } }));

    expect(Object.keys(operations)).to.deep.equal(['listThings']);
  });

  const broken: [string, Paths[string], string][] = [
    ['has no operationId', { get: {} }, 'GET /x has no operationId'],
    [
      'names a rate limit that is none',
      { post: { operationId: 'x', 'x-rate-limit': 'slow' } },
      'POST /x: x-rate-limit is one of credentials, standard, none',
    ],
    [
      'says nothing readable of who may call it',
      { get: { operationId: 'x', security: [{ bearerAuth: ['owner'] }] } },
      'GET /x: bearerAuth names the role "owner"; the roles are user, moderator, admin',
    ],
  ];
  for (const [what, item, message] of broken) {
    it(`rejects an operation that ${what}`, () => {
      expect(() => operationsModule(contract({ '/x': item }))).to.throw(message);
    });
  }
});

describe('contract for the server', () => {
  const document = () => ({
    paths: {
      '/things': {
        get: {
          responses: {
            '200': { headers: { ETag: { $ref: '#/components/headers/ETag' }, Own: { required: true } } },
            '204': {},
          },
        },
      },
    },
    components: {
      headers: { ETag: { required: true, schema: { type: 'string' } } },
      parameters: {
        Limit: { schema: { type: 'integer', default: 20 } },
        Falsy: { schema: { type: 'boolean', default: false } },
        Search: { schema: { type: 'string' } },
      },
    },
  });

  it('keeps every parameter with a default, which validation fills in', () => {
    const { parameters } = serverDocument(document()).components;

    expect(parameters.Limit).to.have.property('required', true);
    expect(parameters.Falsy).to.have.property('required', true);
    expect(parameters.Search).not.to.have.property('required');
  });

  it('has headers where they are used', () => {
    const responses = serverDocument(document()).paths['/things'].get.responses;

    expect(responses['200'].headers).to.deep.equal({
      ETag: { required: true, schema: { type: 'string' } },
      Own: { required: true },
    });
    expect(responses['204']).to.deep.equal({});
  });

  it("doesn't change the contract", () => {
    const original = document();

    serverDocument(original);

    expect(original).to.deep.equal(document());
  });
});
