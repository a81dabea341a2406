/** Hostile and broken parameters in paths, queries and headers: each gets a documented problem, never a 500. */
import { expect } from 'chai';
import { useApp, type SignedIn } from '../support/app.ts';
import type { Answer } from '../support/client.ts';
import { nobodysId } from '../support/ids.ts';
import { allowedRequest, operations, send } from './requests.ts';

describe('bad parameters', () => {
  const app = useApp();
  let admin: SignedIn;

  before('sign an admin in', async () => {
    admin = await app.signIn('admin');
  });

  /** Sends a query string as written. */
  const list = (query: string) => app.send('get', `/users?${query}`, { token: admin.accessToken });

  describe('in the path', () => {
    const wrongIds = [
      'me',
      '1',
      '-1',
      'null',
      nobodysId.slice(0, -1),
      `${nobodysId}0`,
      `{${nobodysId}}`,
      nobodysId.replaceAll('-', ''),
      nobodysId.replace('0', 'g'),
      `urn:uuid:${nobodysId}`.slice(0, 36),
      "'%20or%201=1--",
      '%00',
      `${nobodysId.slice(0, -1)}%00`,
      `${nobodysId.slice(0, -3)}%0A`,
      '%F0%9F%94%91',
      'a'.repeat(8000),
      '..%2Fusers',
      '__proto__',
      'constructor',
    ];
    for (const operation of operations) {
      for (const [segment, name] of operation.path.matchAll(/\{(\w+_id)\}/g)) {
        it(`rejects a ${name} that isn't a UUID, in ${operation.id}`, async () => {
          const { path, ...sample } = await allowedRequest(operation, app);
          const place = operation.path.split('/').indexOf(segment);
          for (const id of wrongIds) {
            const answer = await send(app, { ...sample, path: path.split('/').with(place, id).join('/') });
            expectViolation(answer, `/path/${name}`, id);
          }
        });
      }
    }
  });

  describe('of listUsers', () => {
    const refused: Record<string, string[]> = {
      page: [
        '1e1',
        '0x1',
        '%2B1',
        '%201',
        '1%20',
        '01',
        '1.0',
        '-0',
        '1e400',
        '1_0',
        '1n',
        '0b1',
        '%EF%BC%91',
        '0',
        '-1',
        '1.5',
        '100001',
        '9'.repeat(400),
        'one',
        'NaN',
        'Infinity',
        '0x',
        '1e99',
        ' ',
        'null',
        '[1]',
      ],
      limit: [
        '2e1',
        '0x14',
        '+20',
        '%2B20',
        '020',
        '20.0',
        '%0920',
        'Infinity',
        '9'.repeat(400),
        '1e400',
        '0',
        '101',
        '-1',
        '20.5',
        'all',
        'true',
        '%00',
        '٣',
      ],
      sort_by: ['password_hash', 'id', 'CREATED_AT', 'created_at%20desc', 'created_at;drop', '__proto__', 'toString'],
      sort_order: ['up', 'DESC', 'asc,%20id', '1'],
      role: ['root', 'Admin', 'user,admin', 'user%00'],
      is_active: ['%20true', 'true%20', 'True', '+false', 'on', 'yes', '1', '0', 'TRUE', 'null', 'truefalse'],
      search: ['a'.repeat(101), '%00', 'a%00b'],
      cursor: [
        'x',
        'a.b.c',
        '.',
        'a.',
        'a'.repeat(1100),
        'e30.e30',
        '%00.%00',
        'WzEsMl0.AAAAAAAAAAAAAAAAAAAAAA',
        '../..',
      ],
    };
    for (const [name, values] of Object.entries(refused)) {
      it(`rejects an invalid ${name}`, async () => {
        for (const value of values) expectViolation(await list(`${name}=${value}`), `/query/${name}`, value);
      });

      it(`rejects an empty ${name}`, async () => {
        expectViolation(await list(`${name}=`), `/query/${name}`, '');
      });

      it(`rejects a repeated ${name}`, async () => {
        const { status, body } = await list(`${name}=${valid[name]!}&${name}=${valid[name]!}`);
        expect([status, body.code]).to.deep.equal([400, 'validation_failed']);
      });
    }

    it('accepts a single valid one of each, except the cursor', async () => {
      for (const [name, value] of Object.entries(valid).filter(([name]) => name !== 'cursor')) {
        expect([name, (await list(`${name}=${value}`)).status]).to.deep.equal([name, 200]);
      }
    });

    it('rejects other spellings of parameters as unknown', async () => {
      for (const query of [
        'page[]=1',
        'page[0]=1',
        'page[$gt]=1',
        'Page=1',
        'page%00=1',
        '__proto__=1',
        'constructor=1',
        '__proto__[polluted]=1',
        'a[__proto__][polluted]=1',
      ]) {
        const { status, body } = await list(query);
        expect([query, status, body.code]).to.deep.equal([query, 400, 'validation_failed']);
      }
      expect(({} as { polluted?: unknown }).polluted).to.equal(undefined);
    });

    it('searches for SQL and LIKE characters literally', async () => {
      // No name or address contains any of these.
      for (const search of [
        "'",
        '"',
        '%',
        '\\',
        "';drop table users;--",
        "' or '1'='1",
        '\\%',
        '$1',
        '?',
        '??',
        ':x',
      ]) {
        const { status, body } = await app.send('get', '/users', { token: admin.accessToken, query: { search } });
        expect([search, status]).to.deep.equal([search, 200]);
        expect(body.items).to.deep.equal([]);
      }
    });
  });

  describe('in headers', () => {
    for (const operation of operations) {
      const names = operation.operation.parameters?.map(({ $ref }) => $ref.split('/').at(-1)) ?? [];
      const header = names.includes('IfMatch')
        ? 'If-Match'
        : names.includes('IdempotencyKey')
          ? 'Idempotency-Key'
          : undefined;
      if (header === undefined) continue;

      it(`rejects a malformed ${header}, in ${operation.id}`, async () => {
        const sample = await allowedRequest(operation, app);
        const bad =
          header === 'If-Match'
            ? [
                '1',
                '"1',
                "'1'",
                '*, "1"',
                '*, *',
                '"1" "2"',
                '"1"; "2"',
                'w/"1"',
                'W/ "1"',
                ',',
                '"1 2"',
                `"${'1'.repeat(1024)}"`,
              ]
            : ['a b', 'k'.repeat(256), 'schlüssel'];
        for (const value of bad) {
          const answer = await send(app, { ...sample, headers: { [header]: value } });
          expectViolation(answer, `/headers/${header.toLowerCase()}`, value);
        }
      });
    }

    it('replaces a malformed X-Request-Id', async () => {
      for (const id of ['a'.repeat(129), 'a b', 'a\tb', 'ü', '<script>', '{}', 'a,b', '"']) {
        const { headers } = await app.send('get', '/health', { headers: { 'X-Request-Id': id } });
        expect(headers['x-request-id']).to.match(/^[0-9a-f-]{36}$/);
      }
    });
  });
});

/** A valid value for each parameter of listUsers; the cursor only has the right form. */
const valid: Record<string, string> = {
  page: '1',
  limit: '20',
  sort_by: 'email',
  sort_order: 'asc',
  role: 'user',
  is_active: 'true',
  search: 'a',
  cursor: 'a.b',
};

function expectViolation({ status, body }: Answer, pointer: string, value: string): void {
  expect([value, status, body.code]).to.deep.equal([value, 400, 'validation_failed']);
  expect((body.errors as { pointer: string }[]).map((error) => error.pointer)).to.include(pointer);
}
