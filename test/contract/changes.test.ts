/** The gate for breaking changes: a change is breaking if it breaks clients of the older contract. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { compareContracts, type ContractChange } from '../../openapi/tools/changes/changes.ts';
import { nextVersion } from '../../openapi/tools/changes/contract-versions.ts';
import { merge, namespaceOf, readGenerated, type Draft } from './contract-drafts.ts';

type Kind = readonly [name: string, level: ContractChange['level'], says: RegExp, change: (draft: Draft) => unknown];

const text = { type: 'string', maxLength: 10 };

// The drafts hold these, and what they refer to.
const changedPaths = ['/auth/refresh', '/auth/register', '/users', '/users/{user_id}'];

const kinds: readonly Kind[] = [
  ['a removed path', 'breaking', /^the path was removed/, ({ document }) => delete document.paths['/auth/refresh']],
  ['a removed operation', 'breaking', /^the operation was removed/, ({ path }) => delete path('/users').post],
  [
    'a removed response status',
    'breaking',
    /^response `409` was removed/,
    ({ path }) => delete path('/users').post!.responses['409'],
  ],
  [
    'a new optional request field',
    'compatible',
    /`Registration.nick` was added/,
    ({ schema }) => (schema('Registration').properties['nick'] = text),
  ],
  [
    'a new required request field',
    'breaking',
    /`Registration` requires the new `nick`/,
    ({ schema }) => {
      schema('Registration').properties['nick'] = text;
      schema('Registration').required.push('nick');
    },
  ],
  [
    'a request field made required',
    'breaking',
    /`role` of `UserChanges` became required/,
    ({ schema }) => (schema('UserChanges').required = ['role']),
  ],
  [
    'a removed request field',
    'breaking',
    /`UserChanges.is_active` was removed/,
    ({ schema }) => delete schema('UserChanges').properties['is_active'],
  ],
  [
    'a removed response field',
    'breaking',
    /`User.is_active` was removed/,
    ({ schema }) => {
      delete schema('User').properties['is_active'];
      drop(schema('User').required, 'is_active');
    },
  ],
  [
    'an added response field',
    'compatible',
    /`User.nick` was added/,
    ({ schema }) => (schema('User').properties['nick'] = text),
  ],
  [
    'a response field made optional',
    'breaking',
    /`User` no longer always has `is_active`/,
    ({ schema }) => drop(schema('User').required, 'is_active'),
  ],
  [
    'a narrowed request enum',
    'breaking',
    /`UserSortField` lost `email`/,
    ({ schema }) => drop(schema('UserSortField').enum, 'email'),
  ],
  [
    'a widened request enum',
    'compatible',
    /`UserSortField` gained `role`/,
    ({ schema }) => schema('UserSortField').enum.push('role'),
  ],
  [
    'a new value of an open enum',
    'compatible',
    /`ProblemCode` gained `teapot`/,
    ({ schema }) => schema('ProblemCode')['x-extensible-enum'].push('teapot'),
  ],
  [
    'a removed value of an open enum',
    'compatible',
    /`ProblemCode` lost `not_ready`/,
    ({ schema }) => drop(schema('ProblemCode')['x-extensible-enum'], 'not_ready'),
  ],
  [
    "a problem's changed status",
    'breaking',
    /status of `not_ready` changed from `503` to `500`/,
    ({ schema }) => (schema('ProblemCode')['x-problems']['not_ready']!.status = 500),
  ],
  [
    "a problem's reworded detail",
    'compatible',
    /`not_ready` was reworded/,
    ({ schema }) => (schema('ProblemCode')['x-problems']['not_ready']!.detail = 'Not yet.'),
  ],
  [
    "a rule's reworded message",
    'compatible',
    /`taken` was reworded/,
    ({ schema }) => (schema('ViolationRule')['x-messages']['taken'] = 'is taken'),
  ],
  [
    'an enum that becomes open',
    'breaking',
    /`Role` may now get new values/,
    ({ schema }) => {
      const role = schema('Role');
      role['x-extensible-enum'] = role.enum;
      Reflect.deleteProperty(role, 'enum');
    },
  ],
  [
    'a changed type',
    'breaking',
    /`type` of `TokenPair.expires_in` changed from `integer` to `string`/,
    ({ schema }) => (schema('TokenPair').properties['expires_in']!.type = 'string'),
  ],
  [
    'a changed format',
    'breaking',
    /`format` of `Timestamp` changed from `date-time` to `date`/,
    ({ schema }) => (schema('Timestamp').format = 'date'),
  ],
  [
    'a lowered maxLength in a request',
    'breaking',
    /`maxLength` of `Password` changed from `128` to `64`/,
    ({ schema }) => (schema('Password').maxLength = 64),
  ],
  [
    'a raised maxLength in a request',
    'compatible',
    /`maxLength` of `Password` changed from `128` to `256`/,
    ({ schema }) => (schema('Password').maxLength = 256),
  ],
  [
    'a new optional parameter',
    'compatible',
    /parameter `tag` was added\./,
    ({ path }) => path('/users').get!.parameters!.unshift({ name: 'tag', in: 'query', schema: text }),
  ],
  [
    'a new required parameter',
    'breaking',
    /parameter `tag` was added and is required/,
    ({ path }) => path('/users').get!.parameters!.unshift({ name: 'tag', in: 'query', required: true, schema: text }),
  ],
  [
    'a removed parameter',
    'breaking',
    /parameter `page` was removed/,
    ({ path }) => path('/users').get!.parameters!.shift(),
  ],
  [
    'an optional parameter made required',
    'breaking',
    /parameter `If-Match` became required/,
    ({ parameter }) => (parameter('IfMatch').required = true),
  ],
  [
    'a changed default',
    'breaking',
    /`default` of parameter `limit` changed from `20` to `50`/,
    ({ parameter }) => (parameter('Limit').schema.default = 50),
  ],
  [
    'a removed default',
    'breaking',
    /`default` of parameter `limit` was removed; it was `20`/,
    ({ parameter }) => delete parameter('Limit').schema.default,
  ],
  [
    'a raised role',
    'breaking',
    /least role rose from `moderator` to `admin`/,
    ({ path }) => (path('/users').get!.security = [{ bearerAuth: ['admin'] }]),
  ],
  [
    'a lowered role',
    'compatible',
    /least role fell from `admin` to `moderator`/,
    ({ path }) => (path('/users').post!.security = [{ bearerAuth: ['moderator'] }]),
  ],
  [
    'removed security',
    'compatible',
    /open to everyone now; it needed the role `moderator`/,
    ({ path }) => (path('/users').get!.security = []),
  ],
  [
    "security that falls back to the contract's default",
    'breaking',
    /needs the role `user` now; it was open to everyone/,
    ({ path }) => delete path('/auth/register').post!.security,
  ],
  [
    'a required recent sign-in',
    'breaking',
    /^it needs a sign-in within the last 600 seconds now\.$/,
    ({ path }) => (path('/users').get!['x-assurance'] = { max_age: 600 }),
  ],
  [
    'a renamed operationId',
    'breaking',
    /`operationId` of the operation changed/,
    ({ path }) => (path('/users').get!.operationId = 'findUsers'),
  ],
  [
    'a changed media type',
    'breaking',
    /media type `application\/json` became `application\/hal\+json`/,
    ({ path }) => {
      const { content } = path('/users').get!.responses['200']!;
      content!['application/hal+json'] = content!['application/json'];
      delete content!['application/json'];
    },
  ],
  ['a deprecated operation', 'compatible', /is deprecated/, ({ path }) => (path('/users').get!.deprecated = true)],
  [
    'a new operation',
    'compatible',
    /the operation was added/,
    ({ path }) => (path('/users').put = { ...path('/users').post!, operationId: 'putUsers' }),
  ],
  [
    'a changed description',
    'compatible',
    /`description` of `User` changed/,
    ({ schema }) => (schema('User').description = 'Somebody, at length, in more words than a changelog would repeat.'),
  ],
];

describe('a change to the contract', function () {
  const found = new Map<string, ContractChange[]>();

  // Redocly takes a second to start, so each kind changes its own copy of the contract, and all copies are compared at once.
  before('compare all copies', async () => {
    const [base, revision] = [merge(await drafts()), merge(await drafts(kinds.map(([, , , change]) => change)))];
    const directory = await mkdtemp(path.join(tmpdir(), 'latchkey-changes-'));
    try {
      const files = [path.join(directory, 'base.json'), path.join(directory, 'revision.json')] as const;
      await Promise.all([writeFile(files[0], JSON.stringify(base)), writeFile(files[1], JSON.stringify(revision))]);
      for (const change of await compareContracts(...files)) {
        const namespace = namespaceOf(change.operations[0]);
        found.set(namespace, [...(found.get(namespace) ?? []), change]);
      }
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  for (const [index, [name, level, says]] of kinds.entries()) {
    it(`${name} is ${level}`, () => {
      const changes = found.get(String(index)) ?? [];
      expect(changes.map((change) => change.text.replaceAll(/ns\d+[-_]/g, '')).join('\n')).to.match(says);
      expect(changes.some((change) => change.level === 'breaking')).to.equal(level === 'breaking');
    });
  }

  it('is not found in an unchanged copy', () => {
    expect(found.get(String(kinds.length))).to.equal(undefined);
    expect([...found.keys()].map(Number).sort((one, other) => one - other)).to.deep.equal([...kinds.keys()]);
  });
});

describe('the next version', () => {
  const change = (level: ContractChange['level'], kind: ContractChange['kind']) => [
    { level, kind, operations: [], text: '' },
  ];
  const rows = [
    ['1.4.2', change('breaking', 'removed'), '2.0.0'],
    ['1.4.2', change('compatible', 'added'), '1.5.0'],
    ['1.4.2', change('compatible', 'deprecated'), '1.5.0'],
    ['1.4.2', change('compatible', 'reworded'), '1.4.3'],
    ['0.4.2', change('breaking', 'changed'), '0.5.0'],
    ['0.4.2', change('compatible', 'added'), '0.4.3'],
    ['0.4.2', [], undefined],
  ] as const;

  for (const [released, changes, expected] of rows) {
    const what = changes.map(({ level, kind }) => `${level}, ${kind}`).join() || 'nothing';
    it(`after ${released} with ${what} is ${expected ?? 'none'}`, () => {
      expect(nextVersion(released, changes)).to.equal(expected);
    });
  }

  it('needs a valid version to start from', () => {
    expect(() => nextVersion('1.0', change('breaking', 'removed'))).to.throw('"1.0" is not a version');
  });
});

// One more draft than changes, so that one stays unchanged.
async function drafts(changes: readonly Kind[3][] = []): Promise<Draft[]> {
  const contract = await readGenerated(changedPaths);
  return Array.from({ length: kinds.length + 1 }, (_, index) => {
    const draft = contract();
    changes[index]?.(draft);
    return draft;
  });
}

function drop(values: string[], value: string): void {
  values.splice(values.indexOf(value), 1);
}
