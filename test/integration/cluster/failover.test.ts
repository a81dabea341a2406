/** The primary is lost, the standby takes over, and PgBouncer is pointed at it. */
import { expect } from 'chai';
import { useCluster, type Cluster } from '../../support/cluster.ts';
import { eventually } from '../../support/eventually.ts';
import { newPerson, registration, type Person } from '../../support/people.ts';
import { acknowledged, startRegistrations } from '../../support/registrations.ts';
import { startSteadySessions } from '../../support/steady-sessions.ts';
import { call, type Tokens } from './call.ts';

const idsOf = async (cluster: Cluster) =>
  (await cluster.ask('select id from users', cluster.standby)).map(({ id }) => id);

describe('a failover to a synchronous standby', function () {
  this.timeout(180_000);
  const cluster = useCluster({ instances: 2, synchronous: true });

  it('is a while of 503 with Retry-After, loses nothing that was acknowledged and signs nobody out', async () => {
    const registrations = startRegistrations(cluster.proxy.origin, 4);
    const sessions = startSteadySessions(cluster.proxy.origin, { people: 6, refreshEveryMs: 50, patient: true });
    await eventually('all are at work', () => sessions.refreshed().every((times) => times > 2));
    await eventually('people are registered', () => registrations.count(201) > 20);

    await cluster.primary.kill();
    await eventually('clients are told', () => registrations.count(503) > 8 && sessions.refusals.length > 6);
    await cluster.failOver();
    const before = { refreshed: sessions.refreshed(), registered: registrations.count(201) };
    await eventually(
      'all are at work again',
      () =>
        registrations.count(201) > before.registered + 8 &&
        sessions.refreshed().every((times, index) => times > before.refreshed[index]!),
    );
    await registrations.stop();

    expect(await sessions.stop()).to.deep.equal([]);
    expect(registrations.unanswered).to.deep.equal([]);
    expect(cluster.proxy.failures).to.deep.equal([]);
    const told = registrations.told
      .filter(({ status }) => status !== 201)
      .map(({ status, code, headers }) => ({ status, code, retryAfter: headers.get('Retry-After') }));
    for (const each of [...told, ...sessions.refusals.map((refusal) => ({ status: 503, ...refusal }))]) {
      expect(each).to.deep.equal({ status: 503, code: 'service_unavailable', retryAfter: '5' });
    }
    expect(await idsOf(cluster)).to.include.members(acknowledged(registrations));
  });
});

describe('a failover to an asynchronous standby that was behind', function () {
  this.timeout(180_000);
  const cluster = useCluster({ instances: 2, synchronous: false });

  const ask = (method: string, path: string, given: Parameters<typeof call>[3]) =>
    call(cluster.proxy.origin, method, path, given);
  const register = (person: Person) => ask('POST', '/auth/register', { body: registration(person) });
  const login = ({ email, password }: Person) => ask('POST', '/auth/login', { body: { email, password } });
  const refresh = ({ refresh_token }: Partial<Tokens>) => ask('POST', '/auth/refresh', { body: { refresh_token } });
  const me = ({ access_token: token }: Partial<Tokens>) => ask('GET', '/auth/me', { token });

  it('loses what it had not received: accounts, sessions and their ends, but no session that was refreshed', async () => {
    const [staying, leaving, coming] = [newPerson(), newPerson(), newPerson()];
    for (const person of [staying, leaving]) expect((await register(person)).status).to.equal(201);
    const [stays, leaves] = [await login(staying), await login(leaving)];
    await eventually('the standby has all', async () => {
      const [state] = await cluster.ask('select replay_lsn = pg_current_wal_lsn() as done from pg_stat_replication');
      return state?.['done'] === true;
    });

    await cluster.standby.kill();
    const refreshed = await refresh(stays);
    expect(refreshed.status).to.equal(200);
    expect((await ask('POST', '/auth/logout', { token: leaves.access_token })).status).to.equal(204);
    const { id } = await register(coming);
    const came = await login(coming);
    await cluster.primary.kill();
    await cluster.standby.start();
    await cluster.failOver();
    await eventually('requests are answered', async () => (await login(staying)).status === 200);

    expect((await refresh(refreshed)).status, 'a session that was refreshed goes on').to.equal(200);
    expect((await me(leaves)).status, 'a session that had ended is back').to.equal(200);
    expect(await idsOf(cluster), 'an account is lost').not.to.include(id);
    expect((await me(came)).status, 'and its session').to.equal(401);
  });
});
