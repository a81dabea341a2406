/** Tests that several operations share. Each declares its `it`s in the suite that calls it. */
import { expect } from 'chai';
import type { TestApp } from './app.ts';
import type { Call, Method } from './client.ts';
import { brokenRules, expectProblem } from './problems.ts';

/** How to reach an operation. */
export interface Target {
  readonly method: Method;
  readonly path: string;
  /** A body that the operation would take. */
  readonly json?: object;
  /** Signs in somebody who may. */
  readonly token?: () => Promise<string>;
}

/** Any user's id, and nobody's. */
export const nobodysId = '01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e11';

/** Ways to write an id that mean the same. */
export const otherSpellings: readonly (readonly [what: string, spell: (id: string) => string])[] = [
  ['capitals', (id) => id.toUpperCase()],
  ['one capital', (id) => id.replace(/[a-f]/, (letter) => letter.toUpperCase())],
];

export function itNeedsASession(app: TestApp, { method, path, json }: Target): void {
  const send = (call: Call) => app.send(method, path, json ? { ...call, json } : call);

  it('answers 401 without a token, and says which scheme to use', async () => {
    const answer = await send({});

    expectProblem(answer, 401, 'authentication_required');
    expect(answer.headers['www-authenticate']).to.equal('Bearer realm="latchkey"');
  });

  it('answers 401 to a token that is none, and says so', async () => {
    const answer = await send({ token: 'not-a-token' });

    expectProblem(answer, 401, 'invalid_token');
    expect(answer.headers['www-authenticate']).to.equal('Bearer realm="latchkey", error="invalid_token"');
  });
}

export function itReadsOnlyJson(app: TestApp, { method, path, json = {}, token }: Target): void {
  const send = async (raw: string | Buffer, headers: Record<string, string>) =>
    app.send(method, path, { token: await token?.(), raw, headers });
  const type = { 'Content-Type': 'application/json' };

  it('answers 400 to a body that is not JSON', async () => {
    expectProblem(await send('{"email": ', type), 400, 'malformed_request');
  });

  it('answers 400 to a body that is not UTF-8', async () => {
    expectProblem(await send(Buffer.from([0x22, 0xff, 0x22]), type), 400, 'malformed_request');
  });

  it('answers 400 to JSON that is not an object', async () => {
    const answer = await send('[]', type);

    expect(brokenRules(answer)).to.deep.equal(['/body type']);
  });

  it('answers 400 to no body at all', async () => {
    const answer = await send('', type);

    expect(brokenRules(answer)).not.to.be.empty;
  });

  it('answers 400 to a field that it does not have', async () => {
    const answer = await app.send(method, path, { token: await token?.(), json: { ...json, colour: 'red' } });

    expect(brokenRules(answer)).to.deep.equal(['/body/colour additionalProperties']);
  });

  it('answers 413 to more than 100 KiB', async () => {
    const answer = await send(JSON.stringify({ ...json, padding: 'x'.repeat(100 * 1024) }), type);

    expectProblem(answer, 413, 'content_too_large');
  });

  for (const other of ['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=latin1']) {
    it(`answers 415 to ${other}`, async () => {
      expectProblem(await send(JSON.stringify(json), { 'Content-Type': other }), 415, 'unsupported_media_type');
    });
  }
}

export function itRefusesUnknownParameters(app: TestApp, { method, path, json, token }: Target): void {
  it('answers 400 to a parameter that it does not have', async () => {
    const call = { token: await token?.(), query: { colour: 'red' } };

    const answer = await app.send(method, path, json ? { ...call, json } : call);

    expect(brokenRules(answer)).to.deep.equal(['/query/colour unknown_parameter']);
  });
}
