import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { maxLineBytes, readLines, type Line } from '../../../src/features/users/transfer/ndjson.ts';
import { readUserLine, type Refusal } from '../../../src/features/users/transfer/user-line.ts';

describe('a line of a file of users', () => {
  const now = '2026-11-26T09:00:00.000Z';
  const read = (fields: object) =>
    readUserLine(JSON.stringify({ email: 'ada@example.com', full_name: 'Ada', ...fields }), now);
  const refusals = (text: string) => {
    const result = readUserLine(text, now);
    if (!Array.isArray(result)) throw new Error(`${text} was not refused`);
    return result as readonly Refusal[];
  };

  it('needs an address and a name only', () => {
    expect(read({})).to.deep.equal({
      ...{
        id: undefined,
        email: 'ada@example.com',
        fullName: 'Ada',
        role: 'user',
        isActive: true,
        isProvisional: false,
      },
      ...{ passwordHash: undefined, emailVerifiedAt: undefined, createdAt: undefined, updatedAt: undefined },
    });
  });

  it('is normalised as requests are', () => {
    const user = read({
      ...{ id: '01939D3A-7C1E-7B5A-9F43-2D1F0C6A8E11', email: ' Ada@EXAMPLE.com ', full_name: ' Zoe\u0308 ' },
      ...{ created_at: '2024-01-02T03:04:05.678912+02:00' },
    });

    expect(user).to.include({
      ...{ id: '01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e11', email: 'ada@example.com', fullName: 'Zo\u00eb' },
      ...{ createdAt: '2024-01-02T01:04:05.678Z', updatedAt: '2024-01-02T01:04:05.678Z' },
    });
  });

  it('says whether and when the address was verified', () => {
    const verified = (fields: object) => (read(fields) as { emailVerifiedAt?: string }).emailVerifiedAt;

    expect(verified({ email_verified: true })).to.equal(now);
    expect(verified({ email_verified: false })).to.equal(undefined);
    expect(verified({ email_verified: true, email_verified_at: '2024-01-02T03:04:05Z' })).to.equal(
      '2024-01-02T03:04:05.000Z',
    );
    expect(verified({ email_verified_at: null })).to.equal(undefined);
  });

  for (const none of [null, '', '!', '!x3KVHz0n']) {
    it(`may have no password: ${JSON.stringify(none)}`, () => {
      expect(read({ password_hash: none })).to.have.property('passwordHash', undefined);
    });
  }

  const person = '"email":"ada@example.com","full_name":"Ada"';
  const wrong: [string, string, RegExp][] = [
    ['nothing that is JSON', '{"email":', /^: is not a JSON object$/],
    ['a list', '[]', /^: is not a JSON object$/],
    ['a null', 'null', /^: is not a JSON object$/],
    ['an unknown field', `{${person},"pasword_hash":"x"}`, /^pasword_hash: is not a known field$/],
    ['a field of the prototype', `{${person},"__proto__":{"role":"admin"}}`, /^__proto__: is not a known field$/],
    ['a constructor', `{${person},"constructor":1}`, /^constructor: is not a known field$/],
    ['no address and no name', '{}', /^email: is missing; full_name: is missing$/],
    ['an address that is none', '{"email":"ada","full_name":"Ada"}', /^email: must be an e-mail address/],
    ['an address of mixed scripts', '{"email":"pers\u043en@example.com","full_name":"Ada"}', /^email: /],
    [
      'an address that is a number',
      '{"email":7,"full_name":"Ada"}',
      /^email: must be text; email: is missing$|^email: must be text$/,
    ],
    ['an empty name', '{"email":"ada@example.com","full_name":" "}', /^full_name: is empty$/],
    ['a name of two lines', '{"email":"ada@example.com","full_name":"A\\nB"}', /^full_name: has line breaks/],
    ['a name with half a character', '{"email":"ada@example.com","full_name":"A\\ud800"}', /^full_name: has /],
    [
      'a name of 101 letters',
      `{"email":"ada@example.com","full_name":"${'a'.repeat(101)}"}`,
      /^full_name: .*100 characters$/,
    ],
    ['an id that is none', `{${person},"id":"42"}`, /^id: must be an id/],
    ['a role that is none', `{${person},"role":"root"}`, /^role: is none of/],
    ['a flag in quotation marks', `{${person},"is_active":"true"}`, /^is_active: must be true or false$/],
    ['the year 0', `{${person},"created_at":"0000-01-01T00:00:00Z"}`, /^created_at: is not a time/],
    ['a day that does not exist', `{${person},"created_at":"2024-02-30T00:00:00Z"}`, /^created_at: is not a time/],
    ['a time without an offset', `{${person},"updated_at":"2024-02-03T00:00:00"}`, /^updated_at: is not a time/],
    ['a time in seconds', `{${person},"updated_at":1706918400}`, /^updated_at: must be text$/],
    [
      'a contradiction',
      `{${person},"email_verified":false,"email_verified_at":"2024-02-03T00:00:00Z"}`,
      /^email_verified: contradicts/,
    ],
    [
      'a hash of an unknown kind',
      `{${person},"password_hash":"5f4dcc3b5aa765d61d8327deb882cf99"}`,
      /^password_hash: is of a kind/,
    ],
    ['a hash that was cut', `{${person},"password_hash":"$2b$10$abc"}`, /^password_hash: is cut/],
    [
      'a hash of a minute',
      `{${person},"password_hash":"$2b$20$${'.'.repeat(53)}"}`,
      /^password_hash: would take too much/,
    ],
  ];
  for (const [what, text, message] of wrong) {
    it(`is refused with a reason and a remedy: ${what}`, () => {
      const found = refusals(text);

      expect(found.map(({ field = '', reason }) => `${field}: ${reason}`).join('; ')).to.match(message);
      for (const { remedy } of found) expect(remedy).to.be.a('string').and.not.equal('');
    });
  }

  it('is described by openapi/moving/user.schema.json, as far as a schema can', () => {
    const ajv = new Ajv2020({ allowUnionTypes: true });
    addFormats.default(ajv);
    const file = new URL('../../../openapi/moving/user.schema.json', import.meta.url);
    const fits = ajv.compile(JSON.parse(readFileSync(file, 'utf8')) as object);
    const beyondSchemas = [
      'an address',
      'a name',
      'an empty name',
      'a day',
      'a contradiction',
      'a hash that was',
      'a hash of a minute',
    ];
    let compared = 0;
    for (const [what, text] of wrong) {
      if (beyondSchemas.some((start) => what.startsWith(start)) || what === 'nothing that is JSON') continue;
      expect(fits(JSON.parse(text)), what).to.equal(false);
      compared += 1;
    }
    expect(compared).to.be.greaterThan(10);
    for (const fields of [
      {},
      { id: null, role: null, created_at: '2024-01-02 03:04:05.678912+02:00', password_hash: '!' },
    ]) {
      const line = { email: 'ada@example.com', full_name: 'Ada', ...fields };
      expect(read(fields)).not.to.be.an('array');
      expect(fits(line), JSON.stringify(fits.errors)).to.equal(true);
    }
  });

  it('never puts a hash into the reason', () => {
    const [hash, other] = [`$2b$20$${'.'.repeat(53)}`, '5f4dcc3b5aa765d61d8327deb882cf99'];
    for (const secret of [hash, other]) {
      expect(JSON.stringify(refusals(`{${person},"password_hash":"${secret}"}`))).not.to.include(secret);
    }
  });
});

describe('lines of a file', () => {
  async function linesOf(...chunks: (string | Buffer)[]): Promise<Line[]> {
    async function* source() {
      for (const chunk of chunks) yield Buffer.from(chunk);
    }
    const lines: Line[] = [];
    for await (const some of readLines(source())) lines.push(...some);
    return lines;
  }

  it('end with a line feed, or with the file, wherever chunks end', async () => {
    expect(await linesOf('o', 'ne\ntw', 'o\n', '', 'three')).to.deep.equal([
      { number: 1, text: 'one' },
      { number: 2, text: 'two' },
      { number: 3, text: 'three' },
    ]);
  });

  it('may have carriage returns and a byte order mark, and be empty', async () => {
    expect(await linesOf('\uFEFFone\r\n\r\n  \ntwo\r\n')).to.deep.equal([
      { number: 1, text: 'one' },
      { number: 4, text: 'two' },
    ]);
  });

  it('may split a character between two chunks', async () => {
    const bytes = Buffer.from('Zoë\n');
    expect(await linesOf(bytes.subarray(0, 3), bytes.subarray(3))).to.deep.equal([{ number: 1, text: 'Zoë' }]);
  });

  it('are marked if they are not UTF-8, and the others are read', async () => {
    expect(await linesOf(Buffer.from('Zo\xeb\n', 'latin1'), 'two\n')).to.deep.equal([
      { number: 1, text: '', fault: 'not_utf8' },
      { number: 2, text: 'two' },
    ]);
  });

  it('are marked if they are too long, and the others are read', async () => {
    const megabyte = 'x'.repeat(1024 * 1024);
    const fits = 'y'.repeat(maxLineBytes);

    const lines = await linesOf('one\n', ...Array.from({ length: 10 }, () => megabyte), `\n${fits}\n${fits}y`);

    expect(lines.map(({ number, text, fault }) => [number, text.length, fault])).to.deep.equal([
      [1, 3, undefined],
      [2, 0, 'too_long'],
      [3, maxLineBytes, undefined],
      [4, 0, 'too_long'],
    ]);
  });

  it('are none in an empty file', async () => {
    expect(await linesOf()).to.deep.equal([]);
    expect(await linesOf('\n\n')).to.deep.equal([]);
  });
});
