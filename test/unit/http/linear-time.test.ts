/** Validation takes linear, never quadratic, time in the length of its input, so no request can block a worker. */
import { expect } from 'chai';
import type { Request, RequestHandler, Response } from 'express';
import { bearerToken } from '../../../src/access/access-tokens.ts';
import { ifMatch, isNamed } from '../../../src/http/entity-tags.ts';
import type { OperationId } from '../../../src/http/operation.ts';
import { createValidation } from '../../../src/http/validation/check.ts';
import { isEmailAddress, normalizeEmailAddress } from '../../../src/platform/formats/email-address.ts';
import { isAddressOfOneScript, isNameOfOneScript } from '../../../src/platform/formats/scripts.ts';
import { redact } from '../../../src/platform/log/redaction.ts';
import { canonicalUuid, isUuid } from '../../../src/platform/formats/uuid.ts';
import { hostOf } from '../../../src/platform/network/address.ts';
import { createProxies } from '../../../src/platform/network/proxies.ts';
import { operations } from '../../../generated/operations.ts';
import { contract, resolve } from '../../support/contract.ts';
import { processorTime } from '../../support/processor-time.ts';
import { aPolicy } from '../passwords/a-policy.ts';

const whole = 100_000;

/** Texts of about `length` characters that are slow for a badly written check. */
const texts: Record<string, (length: number) => string> = {
  'one letter': (length) => 'a'.repeat(length),
  'one letter and a control': (length) => `${'a'.repeat(length)}\u0007`,
  spaces: (length) => ' '.repeat(length),
  'spaces inside': (length) => `a${' '.repeat(length)}b`,
  'spaces and a control': (length) => `${' '.repeat(length)}\u0007`,
  words: (length) => 'a '.repeat(length / 2),
  dots: (length) => 'a.'.repeat(length / 2),
  'dots before an @': (length) => `${'a.'.repeat(length / 2)}@`,
  'hyphens after an @': (length) => `a@${'a-'.repeat(length / 2)}`,
  'at signs': (length) => 'a@'.repeat(length / 2),
  labels: (length) => `a@${'xn--a.'.repeat(length / 6)}com`,
  'many letters in a domain': (length) => `x@${'a'.repeat(length / 2)}${differentLetters(length / 2)}.com`,
  'many letters in labels': (length) => `x@${differentLetters(length).replaceAll(/.{30}/gsu, '$&.')}com`,
  'marks out of order': (length) => `a${'\u0301\u0323'.repeat(length / 2)}`,
  'marks out of order in a domain': (length) => `a@a${'\u0301\u0323'.repeat(length / 2)}.com`,
  'letters that grow': (length) => '\ufdfa'.repeat(length),
  'letters beyond the first plane': (length) => '\u{1d160}'.repeat(length / 2),
  'syllables in parts': (length) => '\u1112\u1161\u11ab'.repeat(length / 3),
  capitals: (length) => 'I\u0130\u03a3'.repeat(length / 3),
  'letters of two scripts': (length) => 'aб'.repeat(length / 2),
  'what cannot be seen': (length) => '\u200b\u3164'.repeat(length / 2),
  quotes: (length) => '"'.repeat(length),
  'entity tags': (length) => 'W/"a", '.repeat(length / 7),
  'entity tags with spaces': (length) => `"a"${' '.repeat(length)},"`,
  'a token after spaces': (length) => `Bearer ${' '.repeat(length)}a`,
  'a token before spaces': (length) => `Bearer a${' '.repeat(length)}!`,
  'a token that never ends': (length) => `Bearer ${'a'.repeat(length)}!`,
  'equals signs': (length) => `Bearer a${'='.repeat(length)}!`,
  'tokens that never end': (length) => 'eyJ-'.repeat(length / 4),
  'addresses of servers': (length) => 'a://'.repeat(length / 4),
  colons: (length) => ':'.repeat(length),
  'keys and digits': (length) => 'qwerty123'.repeat(length / 9),
  'a common word in signs': (length) => `${'!1'.repeat(length / 4)}p@ssw0rd${'1!'.repeat(length / 4)}`,
  'a repeat that breaks': (length) => `${'ab'.repeat(length / 4)}c${'ab'.repeat(length / 4)}`,
  digits: (length) => '1'.repeat(length),
  'hexadecimal digits': (length) => '0123-'.repeat(length / 5),
};

function differentLetters(count: number): string {
  return Array.from({ length: count }, (_, index) => String.fromCodePoint(0x4e00 + (index % 20_000))).join('');
}

async function fastest(work: () => unknown): Promise<number> {
  const times: number[] = [];
  while (times.length < 5) times.push(await processorTime(work));
  return Math.min(...times);
}

/** Doubling the input should double the time; four times would be quadratic. Less than 100 ms blocks nobody. */
async function expectLinear(what: string, half: () => unknown, full: () => unknown): Promise<void> {
  if ((await processorTime(full)) < 100) return;
  const [ofHalf, ofFull] = [await fastest(half), await fastest(full)];
  if (ofFull > 100) expect(ofFull / ofHalf, `${what}: ${ofHalf} ms, then ${ofFull} ms`).to.be.below(2.8);
}

async function expectLinearForTexts(check: (text: string) => unknown): Promise<void> {
  for (const [kind, make] of Object.entries(texts)) {
    const [half, full] = [make(whole / 2), make(whole)];
    await expectLinear(
      kind,
      () => check(half),
      () => check(full),
    );
  }
}

describe('the time of validation', () => {
  const policy = aPolicy();
  const place = ['body', 'password'];
  const checks: Record<string, (text: string) => unknown> = {
    'an e-mail address': isEmailAddress,
    'the spelling of an e-mail address': normalizeEmailAddress,
    'the scripts of an address': isAddressOfOneScript,
    'the scripts of a name': isNameOfOneScript,
    'an id': isUuid,
    'the spelling of an id': canonicalUuid,
    'a token in Authorization': (text) => bearerToken({ headers: { authorization: text } }),
    'If-Match': ifMatch,
    'If-None-Match': (text) => isNamed(text, '"a"'),
    'X-Forwarded-For': (text) => createProxies(2).clientOf('127.0.0.1', text),
    'the host of an address': hostOf,
    'an error message that is redacted': redact,
    'a password': (text) => policy(text, { email: 'ada@example.com', fullName: 'Ada Lovelace' }, place),
    'a password against a long name': (text) => policy('a'.repeat(128), { email: text, fullName: text }, place),
  };
  for (const [what, check] of Object.entries(checks)) {
    it(`of ${what} is linear`, () => expectLinearForTexts(check));
  }

  describe('of a pattern of the contract', () => {
    for (const pattern of new Set(patternsOf(contract))) {
      it(`is linear: ${pattern}`, async () => {
        const regex = new RegExp(pattern, 'u');
        await expectLinearForTexts((text) => regex.test(text));
      });
    }
  });

  describe('of a request', () => {
    let validate: (id: OperationId) => RequestHandler[];
    before('compile the contract', async () => {
      const { stepsOf, compile } = createValidation(structuredClone(contract));
      await compile();
      validate = stepsOf;
    });

    /** Validates a request; a rejection counts as an answer. */
    const check = async (id: OperationId, parts: Partial<Record<'query' | 'params' | 'headers' | 'body', unknown>>) => {
      const request = { url: '/', originalUrl: '/', query: {}, params: {}, headers: {}, ...parts };
      for (const step of validate(id)) {
        const error = await new Promise<unknown>((resolve, reject) => {
          const next = (refused?: unknown) => resolve(refused);
          Promise.resolve(step(request as unknown as Request, Object.create(null) as Response, next)).catch(reject);
        }).catch((thrown: unknown) => thrown);
        if (error) return error;
      }
      return undefined;
    };

    for (const [id, operation] of Object.entries(operations) as [
      OperationId,
      { hasBody: boolean; binaryBody: unknown; path: string; method: string },
    ][]) {
      const item = contract.paths[operation.path] as unknown as Record<string, { parameters?: { $ref: string }[] }>;
      const shared = (item['parameters'] ?? []) as { $ref: string }[];
      for (const reference of [...shared, ...(item[operation.method]?.parameters ?? [])]) {
        const { name, in: place } = resolve(reference as { $ref: string; name?: string; in?: string });
        const part = ({ path: 'params', query: 'query', header: 'headers' } as const)[place as 'path'];
        it(`for ${id} with a long ${name!} is linear`, async () => {
          await expectLinearForTexts((text) => check(id, { [part]: { [name!.toLowerCase()]: text } }));
        });
      }
      if (!operation.hasBody || operation.binaryBody) continue;
      for (const field of fieldsOf(operation)) {
        it(`for ${id} with a long ${field} is linear`, async () => {
          const headers = { 'content-type': 'application/json' };
          await expectLinearForTexts((text) => check(id, { headers, body: { [field]: text } }));
        });
      }
      it(`for ${id} with many fields is linear`, async () => {
        const headers = { 'content-type': 'application/json' };
        const body = (count: number) =>
          Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}`, 1]));
        const [half, full] = [body(6000), body(12_000)];
        await expectLinear(
          id,
          () => check(id, { headers, body: half }),
          () => check(id, { headers, body: full }),
        );
      });
    }

    it('is measured on requests that are rejected', async () => {
      const body = { email: 'a'.repeat(whole), password: 'violet lantern harbour', full_name: 'Ada' };
      const refused = await check('registerUser', { headers: { 'content-type': 'application/json' }, body });
      expect(refused).to.have.property('code', 'validation_failed');
    });
  });
});

function fieldsOf({ path, method }: { path: string; method: string }): string[] {
  const { requestBody } = contract.paths[path]![method]!;
  const { schema } = requestBody!.content['application/json'] as unknown as { schema: { $ref: string } };
  return Object.keys(resolve(schema as { $ref: string; properties?: object }).properties ?? {});
}

function* patternsOf(node: unknown): Generator<string> {
  if (typeof node !== 'object' || node === null) return;
  const { pattern } = node as { pattern?: unknown };
  if (typeof pattern === 'string') yield pattern;
  for (const part of Object.values(node)) yield* patternsOf(part);
}
