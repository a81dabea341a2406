/** Violations of a request: one for each mistake, with a message that a form can show. */
import { expect } from 'chai';
import type { Answer } from '../support/client.ts';
import { contract, resolve, validatorAt, type ContractOperation } from '../support/contract.ts';
import { nobodysId } from '../support/ids.ts';
import { useRequests, violationsOf } from '../support/violations.ts';

describe('violations', () => {
  const { app, register, list, change } = useRequests();

  describe('explain in a sentence what is wrong, with parameters', () => {
    const cases: [string, () => Promise<Answer>, object][] = [
      [
        'a short password',
        () => register({ password: 'kW4!' }),
        {
          pointer: '/body/password',
          message: 'must have at least 8 characters',
          rule: 'minLength',
          limit: 8,
        },
      ],
      [
        'a long password',
        () => register({ password: 'kW4!'.repeat(40) }),
        {
          pointer: '/body/password',
          message: 'must have at most 128 characters',
          rule: 'maxLength',
          limit: 128,
        },
      ],
      [
        'text that is not an address',
        () => register({ email: 'ada' }),
        {
          pointer: '/body/email',
          message: 'must be an e-mail address, such as ada@example.com',
          rule: 'format',
          expected: 'idn-email',
        },
      ],
      [
        'an address of one letter, which is too short as well',
        () => register({ email: 'a' }),
        {
          pointer: '/body/email',
          message: 'must be an e-mail address, such as ada@example.com',
          rule: 'format',
          expected: 'idn-email',
        },
      ],
      [
        'a name of only spaces',
        () => register({ full_name: '   ' }),
        { pointer: '/body/full_name', message: 'must not be empty', rule: 'minLength', limit: 1 },
      ],
      [
        'a name of two lines',
        () => register({ full_name: 'Ada\nLovelace' }),
        {
          pointer: '/body/full_name',
          message:
            'must be on one line, with at least one visible letter or symbol, and without characters that are invisible or change the text direction',
          rule: 'pattern',
        },
      ],
      [
        'an empty name',
        () => register({ full_name: '' }),
        {
          pointer: '/body/full_name',
          message: 'must not be empty',
          rule: 'minLength',
          limit: 1,
        },
      ],
      [
        'a number for a name',
        () => register({ full_name: 7 }),
        {
          pointer: '/body/full_name',
          message: 'must be text',
          rule: 'type',
          expected: 'string',
        },
      ],
      [
        'null for a name',
        () => register({ full_name: null }),
        {
          pointer: '/body/full_name',
          message: 'must be text',
          rule: 'type',
          expected: 'string',
        },
      ],
      [
        'no name',
        () => register({ full_name: undefined }),
        {
          pointer: '/body/full_name',
          message: 'is required',
          rule: 'required',
        },
      ],
      [
        'an unknown field',
        () => register({ colour: 'red' }),
        {
          pointer: '/body/colour',
          message: 'is not a field of this operation',
          rule: 'additionalProperties',
        },
      ],
      [
        'a password with U+0000',
        () => register({ password: 'kW4!pq\0xyz' }),
        { pointer: '/body/password', message: 'must not contain the character U+0000', rule: 'pattern' },
      ],
      [
        'a password with a lone surrogate',
        () => register({ password: 'kW4!pq\ud83dxyz' }),
        {
          pointer: '/body/password',
          message: 'contains a character that cannot be stored (U+0000 or half of a surrogate pair)',
          rule: 'well_formed',
        },
      ],
      [
        'a list as the body',
        () => app.send('post', '/auth/login', { json: [] }),
        {
          pointer: '/body',
          message: 'must be an object with fields',
          rule: 'type',
          expected: 'object',
        },
      ],
      [
        'an empty change',
        () => change(nobodysId, {}),
        {
          pointer: '/body',
          message: 'must have at least 1 field',
          rule: 'minProperties',
          limit: 1,
        },
      ],
      [
        'an unknown role',
        () => change(nobodysId, { role: 'root' }),
        {
          pointer: '/body/role',
          message: 'must be one of user, moderator, admin',
          rule: 'enum',
          allowed: ['user', 'moderator', 'admin'],
        },
      ],
      [
        'a number for a role',
        () => change(nobodysId, { role: 1 }),
        {
          pointer: '/body/role',
          message: 'must be text',
          rule: 'type',
          expected: 'string',
        },
      ],
      [
        'text for a boolean',
        () => change(nobodysId, { is_active: 'no' }),
        {
          pointer: '/body/is_active',
          message: 'must be true or false',
          rule: 'type',
          expected: 'boolean',
        },
      ],
      [
        'text that is not an id',
        () => change('me', { role: 'user' }),
        {
          pointer: '/path/user_id',
          message: 'must be an id, such as 01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e11',
          rule: 'format',
          expected: 'uuid',
        },
      ],
      [
        'a number that is too small',
        () => list('page=0'),
        { pointer: '/query/page', message: 'must be 1 or more', rule: 'minimum', limit: 1 },
      ],
      [
        'a number that is too large',
        () => list('limit=101'),
        { pointer: '/query/limit', message: 'must be 100 or less', rule: 'maximum', limit: 100 },
      ],
      [
        'an unknown sort order',
        () => list('sort_order=up'),
        {
          pointer: '/query/sort_order',
          message: 'must be one of asc, desc',
          rule: 'enum',
          allowed: ['asc', 'desc'],
        },
      ],
      [
        'an unknown parameter',
        () => list('colour=red'),
        {
          pointer: '/query/colour',
          message: 'is not a parameter of this operation',
          rule: 'unknown_parameter',
        },
      ],
      [
        'a parameter of an operation without any',
        () => app.send('get', '/health?colour=red'),
        {
          pointer: '/query/colour',
          message: 'is not a parameter of this operation',
          rule: 'unknown_parameter',
        },
      ],
      [
        'an empty parameter',
        () => list('search='),
        {
          pointer: '/query/search',
          message: 'must have a value; leave it out instead',
          rule: 'empty_parameter',
        },
      ],
      ...['page=', 'limit', 'is_active=', 'cursor='].map((query): [string, () => Promise<Answer>, object] => [
        `an empty parameter, ${query}`,
        () => list(query),
        {
          pointer: `/query/${query.replace('=', '')}`,
          message: 'must have a value; leave it out instead',
          rule: 'empty_parameter',
        },
      ]),
      [
        'a parameter twice',
        () => list('role=user&role=admin'),
        {
          pointer: '/query/role',
          message: 'must be given only once',
          rule: 'repeated_parameter',
        },
      ],
      [
        'a malformed cursor',
        () => list('cursor=x'),
        {
          pointer: '/query/cursor',
          message: 'is not a cursor; take next_cursor of the previous response, unchanged',
          rule: 'pattern',
        },
      ],
      [
        'a cursor that was not issued',
        () => list('cursor=x.y'),
        {
          pointer: '/query/cursor',
          message: 'is not a cursor of this list with this order and these filters',
          rule: 'cursor',
        },
      ],
      [
        'a page beside a cursor',
        () => list('cursor=x.y&page=2'),
        {
          pointer: '/query/page',
          message: 'cannot be combined with cursor',
          rule: 'cursor',
        },
      ],
    ];
    for (const [what, send, expected] of cases) {
      it(what, async () => expect(violationsOf(await send())).to.deep.equal([expected]));
    }

    it('numbers far out of range', async () => {
      for (const number of ['9'.repeat(400), '99999999999']) {
        expect(violationsOf(await list(`page=${number}`))).to.deep.equal([
          { pointer: '/query/page', message: 'must be 100000 or less', rule: 'maximum', limit: 100_000 },
        ]);
      }
    });
  });

  it('have a sentence for every rule of the contract', () => {
    const rules = new Set((contract.components['schemas']!['ViolationRule'] as Words)['x-extensible-enum']);
    const known = new Set([...rules, ...noRules]);
    const keywords = new Set(requestSchemas().flatMap((schema) => Object.keys(schema)));

    const remedy = 'add these rules and their sentences to openapi/schemas/ViolationRule.yaml, or to `noRules` here';
    expect(
      [...keywords].filter((keyword) => !known.has(keyword)),
      remedy,
    ).to.deep.equal([]);
    expect(validatorAt('/components/schemas/Violation/properties/rule')('no_such_rule')).to.equal(false);
  });
});

interface Words {
  readonly 'x-extensible-enum': string[];
}

// Schema keywords that don't restrict values. A filter takes any type of event: later releases may have left others behind.
const noRules = ['$ref', 'description', 'example', 'default', 'properties', 'items'].concat([
  'x-message',
  'x-secret',
  'x-defined-by',
  'x-normalize',
  'x-extensible-enum',
]);

function requestSchemas(): object[] {
  const parts: object[] = [];
  for (const item of Object.values(contract.paths)) {
    const shared = { parameters: item['parameters'] as unknown as ContractOperation['parameters'] };
    for (const { parameters = [], requestBody } of [shared as ContractOperation, ...Object.values(item)]) {
      for (const parameter of parameters) parts.push((resolve(parameter) as unknown as { schema: object }).schema);
      for (const { schema } of Object.values(requestBody?.content ?? {}) as { schema?: object }[]) {
        if (schema) parts.push(schema);
      }
    }
  }
  return parts.flatMap(schemasIn);
}

function schemasIn(reference: object): object[] {
  const schema = resolve(reference as { $ref?: string; properties?: Record<string, object> });
  return [schema, ...Object.values(schema.properties ?? {}).flatMap(schemasIn)];
}
