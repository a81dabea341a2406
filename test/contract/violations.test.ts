/** What people and programs are told of a request that breaks a rule: one violation for a mistake, in words that a form can show. */
import { expect } from 'chai';
import { useApp, type SignedIn } from '../support/app.ts';
import type { Answer } from '../support/client.ts';
import { contract, resolve, validatorAt, type ContractOperation } from '../support/contract.ts';
import { newPerson, registration } from '../support/people.ts';
import { expectProblem } from '../support/problems.ts';

type Violation = Record<'pointer' | 'message' | 'rule', string>;

describe('violations', () => {
  const app = useApp({ env: { RATE_LIMIT_CREDENTIALS: '10000/60' } });
  let admin: SignedIn;

  before('sign an admin in', async () => {
    admin = await app.signIn('admin');
  });

  const register = (changes: object) =>
    app.send('post', '/auth/register', { json: { ...registration(newPerson()), ...changes } });
  const registerRaw = (fields: string) =>
    app.send('post', '/auth/register', {
      raw: `{${fields},${JSON.stringify(registration(newPerson())).slice(1)}`,
      headers: { 'Content-Type': 'application/json' },
    });
  const list = (query: string) => app.send('get', `/users?${query}`, { token: admin.accessToken });
  const change = (id: string, json: unknown) => app.send('patch', `/users/${id}`, { token: admin.accessToken, json });

  /** The violations of a refused request, none of which may sound like a program. */
  function violationsOf(answer: Answer): Violation[] {
    expectProblem(answer, 400, 'validation_failed');
    const errors = answer.body.errors as Violation[];
    for (const { message } of errors) {
      expect(message).not.to.match(/must match|must NOT|pattern|format "|[\^\\]|undefined/);
      expect(message, 'follows the name of the field').to.match(/^(must|is|has|belongs|contains|cannot) /);
    }
    const pointers = errors.map(({ pointer }) => pointer);
    expect(pointers, 'one for each place').to.deep.equal([...new Set(pointers)]);
    return errors;
  }

  describe('say in a sentence what is wrong, and with what parameters', () => {
    const id = '01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e11';
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
        'what is no address',
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
        'a name of spaces',
        () => register({ full_name: '   ' }),
        { pointer: '/body/full_name', message: 'must not be empty', rule: 'minLength', limit: 1 },
      ],
      [
        'a name of two lines',
        () => register({ full_name: 'Ada\nLovelace' }),
        {
          pointer: '/body/full_name',
          message: 'must be on one line and have a character that can be seen, and none that hides or turns others',
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
        'a field too many',
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
        'a password with half of a surrogate pair',
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
        'a change of nothing',
        () => change(id, {}),
        {
          pointer: '/body',
          message: 'must have at least 1 field',
          rule: 'minProperties',
          limit: 1,
        },
      ],
      [
        'a role that there is not',
        () => change(id, { role: 'root' }),
        {
          pointer: '/body/role',
          message: 'must be one of user, moderator, admin',
          rule: 'enum',
          allowed: ['user', 'moderator', 'admin'],
        },
      ],
      [
        'a number for a role',
        () => change(id, { role: 1 }),
        {
          pointer: '/body/role',
          message: 'must be text',
          rule: 'type',
          expected: 'string',
        },
      ],
      [
        'text for a switch',
        () => change(id, { is_active: 'no' }),
        {
          pointer: '/body/is_active',
          message: 'must be true or false',
          rule: 'type',
          expected: 'boolean',
        },
      ],
      [
        'what is no id',
        () => change('me', { role: 'user' }),
        {
          pointer: '/path/user_id',
          message: 'must be an id, such as 01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e11',
          rule: 'format',
          expected: 'uuid',
        },
      ],
      [
        'a small number',
        () => list('page=0'),
        { pointer: '/query/page', message: 'must be 1 or more', rule: 'minimum', limit: 1 },
      ],
      [
        'a great number',
        () => list('limit=101'),
        { pointer: '/query/limit', message: 'must be 100 or less', rule: 'maximum', limit: 100 },
      ],
      [
        'an order that there is not',
        () => list('sort_order=up'),
        {
          pointer: '/query/sort_order',
          message: 'must be one of asc, desc',
          rule: 'enum',
          allowed: ['asc', 'desc'],
        },
      ],
      [
        'a parameter that there is not',
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
        'a cursor of another form',
        () => list('cursor=x'),
        {
          pointer: '/query/cursor',
          message: 'is not a cursor; take next_cursor of the previous response, unchanged',
          rule: 'pattern',
        },
      ],
      [
        'a cursor of elsewhere',
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

    it('numbers beyond what a number can hold', async () => {
      for (const number of ['9'.repeat(400), '99999999999']) {
        expect(violationsOf(await list(`page=${number}`))).to.deep.equal([
          { pointer: '/query/page', message: 'must be 100000 or less', rule: 'maximum', limit: 100_000 },
        ]);
      }
    });
  });

  it('name the address that is taken, so that a form can show it there', async () => {
    const person = await app.signIn();

    const answer = await register({ email: person.email });

    expectProblem(answer, 409, 'email_taken');
    expect(answer.body.errors).to.deep.equal([
      { pointer: '/body/email', message: 'belongs to another user', rule: 'taken' },
    ]);
  });

  it('come all at once from a query too, whatever is wrong with it', async () => {
    const found = violationsOf(await list('colour=red&page=x&role=&sort_by=age&a[b]=1&limit=1000&is_active=true'));

    expect(found.map(({ pointer, rule }) => `${pointer} ${rule}`)).to.have.members([
      '/query/colour unknown_parameter',
      '/query/role empty_parameter',
      '/query/a[b] unknown_parameter',
      '/query/page type',
      '/query/sort_by enum',
      '/query/limit maximum',
    ]);
  });

  it('come all at once from the query, the headers and the body of one request', async () => {
    const answer = await app.send('post', '/users?colour=red&shape=', {
      token: (await app.signIn('admin')).accessToken,
      headers: { 'Idempotency-Key': 'a b' },
      json: {},
    });

    expect(violationsOf(answer).map(({ pointer }) => pointer)).to.include.members([
      '/query/colour',
      '/query/shape',
      '/headers/idempotency-key',
      '/body/email',
    ]);
  });

  it('of an operation that takes nothing name every parameter', async () => {
    const found = violationsOf(await app.send('get', '/health?colour=red&shape='));

    expect(found.map(({ pointer }) => pointer)).to.deep.equal(['/query/colour', '/query/shape']);
  });

  it('of a thousand parameters are a hundred', async () => {
    const query = Array.from({ length: 900 }, (_none, index) => `p${index}=1`).join('&');

    for (const path of ['/users', '/health']) {
      const token = (await app.signIn('admin')).accessToken;
      expect(violationsOf(await app.send('get', `${path}?${query}`, { token }))).to.have.length(100);
    }
  });

  it('come all at once, for as many fields as are wrong', async () => {
    const found = violationsOf(await register({ email: '', password: '', full_name: '', colour: 1 }));

    expect(found.map(({ pointer }) => pointer)).to.have.members([
      '/body/email',
      '/body/password',
      '/body/full_name',
      '/body/colour',
    ]);
  });

  describe('point at names that are made to confuse', () => {
    const names: Record<string, string> = {
      'a slash': 'a/b',
      'a tilde': 'a~b',
      'what looks escaped': 'a~1b~0c',
      'only slashes': '///',
      'a field of ours and a slash': 'email/x',
      'a control character': 'a\u0007b',
      'a line break': 'a\nb',
      'a NUL': 'a\0b',
      'an emoji': '🔑',
      nothing: '',
      'a path': '/body/email',
      ['__proto__']: '__proto__',
      constructor: 'constructor',
    };
    for (const [what, name] of Object.entries(names)) {
      it(`a field: ${what}`, async () => {
        const escaped = name.replaceAll('~', '~0').replaceAll('/', '~1');

        const found = violationsOf(await registerRaw(`${JSON.stringify(name)}:1`));

        expect(found.map(({ pointer, rule }) => [pointer, rule])).to.deep.equal([
          [`/body/${escaped}`, 'additionalProperties'],
        ]);
      });
    }

    for (const [written, escaped] of [
      ['a/b', 'a~1b'],
      ['a~b', 'a~0b'],
      ['a%2Fb', 'a~1b'],
      ['a[b]', 'a[b]'],
      ['a%00b', 'a\0b'],
    ]) {
      it(`a parameter: ${written}`, async () => {
        const found = violationsOf(await list(`${written}=1`));

        expect(found.map(({ pointer, rule }) => [pointer, rule])).to.deep.equal([
          [`/query/${escaped}`, 'unknown_parameter'],
        ]);
      });
    }

    it('half of a surrogate pair, which the answer can not say', async () => {
      const [violation] = violationsOf(await registerRaw('"a\\ud83db":1'));

      expect(violation?.pointer).to.equal('/body/a\uFFFDb');
    });

    it('a long name is cut, but no character and no escape is torn apart', async () => {
      for (const [name, kept] of [
        ['x'.repeat(5000), 'x'.repeat(1018)],
        [`${'x'.repeat(1017)}🔑`, 'x'.repeat(1017)],
        [`${'x'.repeat(1017)}/y`, 'x'.repeat(1017)],
      ] as const) {
        const [violation] = violationsOf(await registerRaw(`${JSON.stringify(name)}:1`));
        expect(violation?.pointer).to.equal(`/body/${kept}`);
      }
    });

    it('thousands of names are told a hundred of', async () => {
      const fields = Array.from({ length: 9000 }, (_none, index) => `"f${index}":1`).join(',');

      expect(violationsOf(await registerRaw(fields))).to.have.length(100);
    });
  });

  it('know a sentence for every rule that a request of the contract can break', () => {
    const rules = new Set((contract.components['schemas']!['ViolationRule'] as Words)['x-extensible-enum']);
    const known = new Set([...rules, ...noRules]);
    const keywords = new Set(requestSchemas().flatMap((schema) => Object.keys(schema)));

    expect([...keywords].filter((keyword) => !known.has(keyword))).to.deep.equal([]);
    expect(validatorAt('/components/schemas/Violation/properties/rule')('no_such_rule')).to.equal(false);
  });
});

interface Words {
  readonly 'x-extensible-enum': string[];
}

// Keywords of a schema that say something else than what is allowed.
const noRules = ['$ref', 'description', 'example', 'default', 'properties', 'items', 'x-message', 'x-normalize'];

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
