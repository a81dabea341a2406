/** Hostile and broken bodies: each gets a documented problem, never a 500. */
import { expect } from 'chai';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { createApp } from '../../src/process/app.ts';
import { useApp } from '../support/app.ts';
import type { Answer } from '../support/client.ts';
import { brokenRules, expectProblem } from '../support/problems.ts';
import {
  allowedRequest,
  bodyFields,
  bodySchema,
  expectSuccess,
  operations,
  send,
  withBody,
  type Described,
  type FieldSchema,
  type SampleRequest,
} from './requests.ts';

type Fields = Record<string, unknown>;

const json = { 'Content-Type': 'application/json' };

const unreadable: Record<string, string | Buffer> = {
  'broken JSON': '{"email": ',
  'JSON followed by more': '{} {}',
  'JSON with a trailing comma': '{"a": 1,}',
  'JSON with a comment': '{} // done',
  JavaScript: "{'email': 'ada@example.com'}",
  NaN: '{"a": NaN}',
  'white space': '   ',
  'a raw control character': '{"email": "a\u0001b"}',
  'a truncated escape': '{"email": "\\u00"}',
  'not UTF-8': Buffer.from([...Buffer.from('{"email":"'), 0xff, 0xfe, ...Buffer.from('"}')]),
  'an overlong NUL': Buffer.from([...Buffer.from('{"email":"'), 0xc0, 0x80, ...Buffer.from('"}')]),
  'a surrogate in UTF-8': Buffer.from([...Buffer.from('{"email":"'), 0xed, 0xa0, 0x80, ...Buffer.from('"}')]),
  'a truncated character': Buffer.from([...Buffer.from('{"email":"'), 0xe2, 0x82, ...Buffer.from('"}')]),
  'UTF-16': Buffer.from('{"email":"ada@example.com"}', 'utf16le'),
  'UTF-16 with a byte order mark': Buffer.from('\ufeff{"email":"ada@example.com"}', 'utf16le'),
  'a truncated array': '[1, 2',
};

describe('a bad body', () => {
  const app = useApp();

  for (const operation of withBody) {
    describe(`of ${operation.id}`, () => describeBodies(operation));
  }

  function describeBodies(operation: Described): void {
    const fields = Object.entries(bodyFields(operation));
    const { required, minProperties } = bodySchema(operation);
    const needsNothing = !required && !minProperties;
    let sample: SampleRequest & { json?: Fields };

    // What is refused changes nothing, so it can be sent again with another fault.
    before('make a valid request', async () => {
      sample = await allowedRequest(operation, app);
    });
    afterEach('check that Object.prototype is untouched', () => {
      expect(Object.keys(Object.prototype)).to.deep.equal([]);
      expect(({} as { polluted?: unknown }).polluted).to.equal(undefined);
    });

    async function sendRaw(raw: string | Buffer | undefined, { method, path, token } = sample): Promise<Answer> {
      return app.send(method, path, { token, ...(raw !== undefined && { raw }), headers: json });
    }

    async function sendWith(changes: Fields): Promise<Answer> {
      return send(app, { ...sample, json: { ...sample.json, ...changes } });
    }

    for (const [what, raw] of Object.entries(unreadable)) {
      it(`is malformed when it is ${what}`, async () => {
        const { status, body } = await sendRaw(raw);
        expect([status, body.code]).to.deep.equal([400, 'malformed_request']);
      });
    }

    for (const raw of ['[]', '[{}]', '"email"', '42', 'null', 'true']) {
      it(`is rejected for its type when it is ${raw}`, async () => {
        expectViolation(await sendRaw(raw), '/body', 'type');
      });
    }

    if (needsNothing) {
      for (const raw of [undefined, '{}']) {
        it(`succeeds when it is ${raw ? 'empty' : 'missing'}, since it needs no field`, async () => {
          expectSuccess(operation, await sendRaw(raw, await allowedRequest(operation, app)));
        });
      }
    } else {
      it('is rejected when missing', async () => {
        expectProblem(await sendRaw(undefined), 400, 'validation_failed');
      });

      it('is rejected when empty, naming every required field', async () => {
        const missing = required?.map((name) => `/body/${name} required`) ?? ['/body minProperties'];
        expect(brokenRules(await sendRaw('{}'))).to.deep.equal(missing.toSorted());
      });
    }

    it('is rejected with an unknown field', async () => {
      const known = new Set(fields.map(([name]) => name));
      const others = withBody.flatMap((other) => Object.keys(bodyFields(other)));
      for (const name of new Set([...others, 'colour', 'id', 'password_hash', 'toString', 'hasOwnProperty'])) {
        if (known.has(name)) continue;
        expectViolation(await sendWith({ [name]: 'x' }), `/body/${name}`, 'additionalProperties');
      }
    });

    it('is rejected with the key __proto__ or constructor, without touching a prototype', async () => {
      const own = JSON.stringify(sample.json).slice(1);
      for (const key of ['__proto__', 'constructor', 'prototype']) {
        for (const value of ['{"polluted":true}', '{"prototype":{"polluted":true}}', 'null', '"x"']) {
          const { status, body } = await sendRaw(`{${JSON.stringify(key)}:${value},${own}`);
          expect([key, value, status, body.code]).to.deep.equal([key, value, 400, 'validation_failed']);
        }
      }
    });

    it('is rejected at 50,000 levels deep', async () => {
      const deep = '['.repeat(50_000) + ']'.repeat(50_000);
      expectViolation(await sendRaw(deep), '/body', 'type');
      const [name] = fields[0]!;
      expectViolation(await sendRaw(`{"${name}":${deep}}`), `/body/${name}`);
      const objects = `${'{"a":'.repeat(17_000)}1${'}'.repeat(17_000)}`;
      expectViolation(await sendRaw(objects), '/body/a', 'additionalProperties');
    });

    for (const [name, schema] of fields) describeField(name, schema, sendWith);

    it('uses the last of duplicate keys, like every JSON parser', async () => {
      const [name] = fields[0]!;
      const own = JSON.stringify(sample.json).slice(0, -1);
      expectViolation(await sendRaw(`${own},"${name}":42}`), `/body/${name}`, 'type');
    });
  }

  function describeField(name: string, schema: FieldSchema, sendWith: (changes: Fields) => Promise<Answer>): void {
    it(`is rejected with a ${name} of another type`, async () => {
      const others = { string: 'true', number: 1, boolean: true, null: null, array: ['x'], object: { x: 1 } };
      for (const [type, value] of Object.entries(others).filter(([other]) => other !== schema.type)) {
        const answer = await sendWith({ [name]: value });
        expect([type, answer.status]).to.deep.equal([type, 400]);
        expectViolation(answer, `/body/${name}`, 'type');
      }
    });

    if (schema.type !== 'string') return;

    for (const [what, character] of Object.entries({
      NUL: '\0',
      'a lone high surrogate': '\ud800',
      'a lone low surrogate': '\udc00',
    })) {
      it(`is rejected with ${what} in ${name}`, async () => {
        for (const value of [`valid${character}text`, character.repeat(9), `a${character}@example.com`]) {
          expectViolation(await sendWith({ [name]: value }), `/body/${name}`);
        }
      });
    }

    it(`is rejected with a ${name} that is too long`, async () => {
      const longest = schema.maxLength ?? Math.max(...schema.enum!.map(({ length }) => length));
      for (const value of ['a'.repeat(longest + 1), `${'a'.repeat(longest)}@example.com`, 'a'.repeat(90_000)]) {
        expectViolation(await sendWith({ [name]: value }), `/body/${name}`);
      }
    });

    it(`is rejected with an empty ${name}`, async () => {
      const trims = schema.format === 'idn-email' || schema['x-normalize'] === 'full-name';
      for (const value of trims ? ['', '   '] : ['']) {
        expectViolation(await sendWith({ [name]: value }), `/body/${name}`);
      }
    });
  }

  it('is ignored where the operation takes none', async () => {
    for (const operation of operations.filter(({ hasBody }) => !hasBody)) {
      const sample = await allowedRequest(operation, app);
      const answer = await app.send(sample.method, sample.path, {
        token: sample.token,
        raw: '{ not JSON',
        headers: { ...sample.headers, 'Content-Type': 'application/json' },
      });
      expectSuccess(operation, answer);
    }
  });
});

describe('variants of Content-Type', () => {
  const app = useApp();
  const ajv = Object.getPrototypeOf(Ajv2020.prototype) as { _compileSchemaEnv: (...args: unknown[]) => unknown };
  const compile = ajv._compileSchemaEnv;
  let compiled = 0;

  before('count compilations', () => {
    ajv._compileSchemaEnv = function (...args) {
      compiled += 1;
      return compile.apply(this, args);
    };
  });
  after('stop counting', () => {
    ajv._compileSchemaEnv = compile;
  });

  it('would be caught compiling, as a start is', async () => {
    compiled = 0;
    await createApp(app.context).compileChecks();
    expect(compiled).to.be.at.least(operations.length);
  });

  for (const operation of operations) {
    it(`don't compile a validator each for ${operation.id}, so that no client can exhaust memory`, async () => {
      const { method, path, token } = await allowedRequest(operation, app);
      // The unknown parameter makes each request fail validation and go no further.
      const query = { colour: 'red' };
      const ask = async (type: string) =>
        (await app.send(method, path, { token, query, raw: '{}', headers: { 'Content-Type': type } })).status;
      // The test's own contract check compiles too, once per kind of answer.
      const usual = await Promise.all(['application/json', 'text/plain'].map(ask));
      const { hasBody, hasJson } = operation;
      expect(usual).to.deep.equal([hasBody && !hasJson ? 415 : 400, hasBody ? 415 : 400]);

      compiled = 0;
      for (const type of Array.from({ length: 3 }, (_none, count) => spellings(count)).flat()) {
        expect(await ask(type)).to.be.oneOf(usual);
      }
      expect(compiled).to.equal(0);
    });
  }
});

function spellings(count: number): string[] {
  const mixed = Array.from('application/json', (letter, place) =>
    (count >> (place % 5)) & 1 ? letter.toUpperCase() : letter,
  );
  return [
    mixed.join(''),
    `application/json;${' '.repeat(count)}charset=utf-8`,
    `application/json; version=${count}`,
    `application/json; charset=utf-8; q=${count}`,
    `text/plain; ${count}`,
    `multipart/form-data; boundary=${count}`,
  ];
}

/** The answer is a `validation_failed` at a place and, if given, for a rule. */
function expectViolation({ status, body }: Answer, pointer: string, rule?: string): void {
  expect([status, body.code]).to.deep.equal([400, 'validation_failed']);
  const errors = body.errors as { pointer: string; rule: string }[];
  const found = errors.filter((error) => error.pointer === pointer && (rule === undefined || error.rule === rule));
  expect(found, `${pointer} ${rule ?? ''} in ${JSON.stringify(errors).slice(0, 500)}`).not.to.be.empty;
}
