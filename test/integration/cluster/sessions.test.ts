/** Sessions on four instances: what one of them did holds on all others at the next request. */
import { expect } from 'chai';
import { useCluster } from '../../support/cluster.ts';
import { newPerson, registration } from '../../support/people.ts';
import { call, type Tokens } from './call.ts';

describe('sessions on four instances', function () {
  const cluster = useCluster({ instances: 4, synchronous: true });

  const at = (index: number) => cluster.instances[index]!.origin;
  const me = (index: number, { access_token: token }: Tokens) => call(at(index), 'GET', '/auth/me', { token });
  const refresh = (index: number, { refresh_token }: Tokens) =>
    call(at(index), 'POST', '/auth/refresh', { body: { refresh_token } });
  const everywhere = <Answer>(ask: (index: number) => Promise<Answer>) => Promise.all([0, 1, 2, 3].map(ask));
  const statusesOf = async (tokens: Tokens) =>
    (await everywhere((index) => me(index, tokens))).map(({ status }) => status);

  async function signIn(person = newPerson()): Promise<Tokens> {
    const { email, password } = person;
    await call(cluster.proxy.origin, 'POST', '/auth/register', { body: registration(person) });
    const answer = await call(cluster.proxy.origin, 'POST', '/auth/login', { body: { email, password } });
    expect(answer.status).to.equal(200);
    return answer as Tokens;
  }

  it('need no more connections than PgBouncer may open', async () => {
    const tokens = await signIn();
    const reads = await Promise.all(Array.from({ length: 50 }, () => everywhere((index) => me(index, tokens))));

    expect(new Set(reads.flat().map(({ status }) => status))).to.deep.equal(new Set([200]));
    const opened = await cluster.ask(`select from pg_stat_activity where usename = 'latchkey_app'`);
    expect(opened.length).to.be.within(1, 20);
  });

  it('are known to all as soon as they began', async () => {
    expect(await statusesOf(await signIn())).to.deep.equal([200, 200, 200, 200]);
  });

  it('have one successor of a refresh token that all get at the same time', async () => {
    const tokens = await signIn();

    const answers = (await everywhere((index) => Promise.all([1, 2, 3].map(() => refresh(index, tokens))))).flat();

    expect(new Set(answers.map(({ status }) => status))).to.deep.equal(new Set([200]));
    const successors = new Set(answers.map((answer) => (answer as Tokens).refresh_token));
    expect(successors.size).to.equal(1);
    expect(successors).not.to.include(tokens.refresh_token);
    expect((await refresh(0, answers[0] as Tokens)).status).to.equal(200);
  });

  it('that end on one have ended on all at the next request', async () => {
    const tokens = await signIn();
    expect(await statusesOf(tokens)).to.deep.equal([200, 200, 200, 200]);

    expect((await call(at(2), 'POST', '/auth/logout', { token: tokens.access_token })).status).to.equal(204);

    expect(await statusesOf(tokens)).to.deep.equal([401, 401, 401, 401]);
    expect((await refresh(1, tokens)).status).to.equal(401);
  });

  it('that a change of password ends have ended on all, except the one that asked', async () => {
    const person = newPerson();
    const kept = await signIn(person);
    const ended = await signIn(person);
    expect(await statusesOf(ended)).to.deep.equal([200, 200, 200, 200]);

    const body = { current_password: person.password, new_password: newPerson().password };
    const changed = await call(at(0), 'POST', '/auth/password', { token: kept.access_token, body });

    expect(changed.status).to.equal(204);
    expect(await statusesOf(ended)).to.deep.equal([401, 401, 401, 401]);
    expect(await statusesOf(kept)).to.deep.equal([200, 200, 200, 200]);
  });

  it('end everywhere when a refresh token is used again after its successor', async () => {
    const first = await signIn();
    const second = (await refresh(0, first)) as Tokens;
    const third = (await refresh(1, second)) as Tokens;
    expect(await statusesOf(third)).to.deep.equal([200, 200, 200, 200]);

    const stolen = await refresh(2, first);

    expect(stolen).to.include({ status: 401, code: 'refresh_token_reused' });
    expect(await statusesOf(third)).to.deep.equal([401, 401, 401, 401]);
    expect((await refresh(3, third)).status).to.equal(401);
  });
});
