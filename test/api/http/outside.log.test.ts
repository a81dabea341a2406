import { expect } from 'chai';
import { pino } from 'pino';
import { useApp } from '../../support/app.ts';
import type { Answer } from '../../support/client.ts';
import { addTotp } from '../../support/factors.ts';
import { newPerson, registration } from '../../support/people.ts';
import { nobodysId } from '../../support/ids.ts';

interface Line {
  readonly msg: string;
  readonly request_id: string;
  readonly [field: string]: unknown;
}

describe('the request log', () => {
  const lines: string[] = [];
  const app = useApp({ log: pino({ level: 'trace' }, { write: (line: string) => lines.push(line) }) });
  const parsed = () => lines.map((line) => JSON.parse(line) as Line);
  const linesOf = ({ headers }: Answer) => parsed().filter((line) => line.request_id === headers['x-request-id']);

  it('has one line per request, whatever its outcome', async () => {
    const { accessToken } = await app.signIn();
    const answers = [
      await app.send('get', '/health'),
      await app.send('get', '/users'),
      await app.send('get', '/users', { token: accessToken }),
      await app.send('post', '/auth/login', { raw: '{', headers: { 'Content-Type': 'application/json' } }),
      await app.send('put', '/health'),
      await app.sendOutside('get', '/nowhere'),
      await app.sendOutside('get', '/docs'),
      await app.sendOutside('get', '/%zz'),
    ];

    for (const answer of answers) expect(linesOf(answer)).to.have.length(1);
  });

  it('says what was requested, by whom, and the outcome', async () => {
    const ada = await app.signIn();

    const answer = await app.send('delete', `/users/${nobodysId}`, {
      token: ada.accessToken,
      query: { colour: 'red' },
    });

    const [line] = linesOf(answer);
    expect(line).to.include({
      msg: 'request',
      operation_id: 'deleteUser',
      method: 'DELETE',
      path: `/api/v1/users/${nobodysId}`,
      status: 403,
      problem: 'forbidden',
      user_id: ada.id,
      client_ip: '127.0.0.1',
    });
    expect(line!['duration_ms']).to.be.a('number').within(0, 15_000);
  });

  it("isn't forged by line breaks in what a client sends", async () => {
    const { accessToken: token } = await app.signIn('admin');
    const forged = 'x\r\n{"level":30,"msg":"forged"}\n';
    const coded = encodeURIComponent(forged);
    const json = { email: forged, password: forged, [forged]: forged };
    const before = lines.length;

    const answers = [
      await app.send('get', `/users/${coded}`, { token }),
      await app.send('get', '/users', { token, query: { search: forged, [forged]: forged } }),
      await app.send('post', '/auth/login', { json, headers: { 'User-Agent': coded, 'X-Request-Id': coded } }),
      await app.sendOutside('get', `/${coded}`),
    ];

    for (const answer of answers) expect(linesOf(answer)).to.have.length(1);
    const written = lines.slice(before);
    expect(written).to.have.length(answers.length);
    for (const line of written) expect(line.trimEnd()).to.not.match(/[\r\n]/);
  });

  it('logs successful probes only at debug', async () => {
    const levelOf = (answer: Answer) => linesOf(answer)[0]!['level'];
    const probes = [await app.send('get', '/health'), await app.send('get', '/health/ready')];
    const refused = await app.send('put', '/health');
    app.context.beginStopping();
    const failed = await app.send('get', '/health/ready');

    expect(probes.map(levelOf)).to.deep.equal([20, 20]);
    expect(refused.status).to.equal(405);
    expect(failed.status).to.equal(503);
    expect([refused, failed].map(levelOf)).to.deep.equal([30, 30]);
  });

  it('reports reuse of a refresh token without the token', async () => {
    const { refreshToken } = await app.signIn();
    const refresh = (token: string) => app.send('post', '/auth/refresh', { json: { refresh_token: token } });
    const { body: next } = await refresh(refreshToken);
    await refresh(next.refresh_token);
    const before = lines.length;

    await refresh(refreshToken);

    const [warning] = parsed().slice(before);
    expect(warning).to.include({ event: 'refresh_token_reused' });
    expect(lines.join('')).not.to.include(refreshToken);
  });

  it('contains no secret or address after a whole journey', async () => {
    const person = newPerson();
    const before = lines.length;
    const wrong = 'amber compass 4711';
    const key = 'key-of-the-journey';
    const json = { 'Content-Type': 'application/json' };

    const answers = [
      await app.send('post', '/auth/register', { json: registration(person), headers: { 'Idempotency-Key': key } }),
      await app.send('post', '/auth/register', { json: registration(person) }),
      await app.send('post', '/auth/login', { json: { email: person.email, password: wrong } }),
      await app.login(person),
    ];
    const registered = answers[0]!.body;
    const tokens = answers[3]!.body;
    await app.users.update(registered.id, { role: 'moderator' });
    const renewed = await app.send('post', '/auth/refresh', { json: { refresh_token: tokens.refresh_token } });
    const token: string = renewed.body.access_token;
    const phone = await addTotp(app, { accessToken: token });
    answers.push(
      renewed,
      await app.send('post', '/auth/refresh', { json: { refresh_token: 'lkr_a_guess_of_somebody' } }),
      await app.send('get', '/auth/me', { token }),
      await app.send('patch', '/auth/me', { token, json: { full_name: 'Secret Identity' } }),
      await app.send('get', '/users', { token, query: { search: person.email } }),
      await app.send('get', '/users', { token, query: { [person.email]: 1 } }),
      await app.send('get', '/auth/me', { token, query: { access_token: token } }),
      await app.send('get', '/auth/me', { token: 'a-token-of-nobody' }),
      await app.send('post', '/auth/login', { raw: `{"password": "${person.password}", broken`, headers: json }),
      await app.send('post', '/auth/login', { json: { [person.password]: 1, email: person.email } }),
      await app.send('post', '/auth/logout', { token }),
    );

    expect(answers.map(({ status }) => status)).to.deep.equal([
      201, 409, 401, 200, 200, 401, 200, 200, 200, 400, 400, 401, 400, 400, 204,
    ]);
    const written = lines.slice(before);
    // Two more for the authenticator app.
    expect(written).to.have.length(answers.length + 2);
    for (const secret of [
      phone.secret,
      ...phone.recoveryCodes,
      person.email,
      encodeURIComponent(person.email),
      person.password,
      wrong,
      'Secret Identity',
      key,
      tokens.access_token,
      tokens.refresh_token,
      token,
      renewed.body.refresh_token,
      'lkr_',
      'a-token-of-nobody',
      'Bearer',
      'search',
    ]) {
      expect(written.join('')).not.to.include(secret);
    }
  });
});
