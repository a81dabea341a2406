/** The keys that seeds are encrypted under can be replaced, and nothing is lost on the way. */
import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { v7 as createId } from 'uuid';
import { aClient } from '../../support/a-client.ts';
import { useApp, useSecondApp, type SignedIn, type TestApp } from '../../support/app.ts';
import { addTotp, forgetSteps, type Authenticator } from '../../support/factors.ts';

const aKey = () => randomBytes(32).toString('base64');

describe('the keys of seeds', () => {
  const [first, second] = [aKey(), aKey()];
  const without = useApp();
  const withFirst = useSecondApp(without, { env: { FACTOR_KEYS: first } });
  const withBoth = useSecondApp(without, { env: { FACTOR_KEYS: `${second},${first}` } });
  const withSecond = useSecondApp(without, { env: { FACTOR_KEYS: second } });
  const withOtherSecret = useSecondApp(without, {
    env: { FACTOR_KEYS: second, JWT_SECRETS: 'another signing secret for tests only 987654' },
  });

  beforeEach('begin without seeds', () => without.context.database.pool.raw('truncate factors cascade'));

  async function works(on: TestApp, user: SignedIn, phone: Authenticator): Promise<boolean> {
    await forgetSteps(without, phone);
    const { database, features } = on.context;
    const who = { user, client: aClient() };
    return database.transaction((db) => features.factors.verify(db, who, { factor: 'totp', code: phone.code() }));
  }
  async function reseal(on: TestApp): Promise<void> {
    const job = on.context.features.factors.jobs.find(({ name }) => name === 'reseal_totp_seeds')!;
    await job.run({}, { jobId: '', attempt: 1, signal: new AbortController().signal, complete: async () => {} });
  }
  const check = (on: TestApp) => on.context.features.factors.checks[0]!(on.context.database);
  const seedOf = async ({ factorId }: Authenticator) =>
    ((await without.context.database.pool('totp_seeds').where({ factor_id: factorId }).first()) as { seed: Buffer })
      .seed;

  it('are replaced while every app keeps working, and then the old ones can be retired', async () => {
    const ada = await without.signIn();
    const phone = await addTotp(without, ada);

    // From the derived key to one of their own, and on to the next.
    expect(await works(withFirst, ada, phone)).to.be.true;
    await reseal(withFirst);
    expect(await works(withBoth, ada, phone)).to.be.true;
    await reseal(withBoth);

    for (const on of [withSecond, withOtherSecret]) {
      expect(await check(on)).to.include({ result: 'ok' });
      expect(await works(on, ada, phone)).to.be.true;
    }
    expect(await check(without)).to.include({ result: 'fail' });
  });

  it('that were retired too early are missed by doctor, and nothing is lost: their return opens what they sealed', async () => {
    const ada = await without.signIn();
    const phone = await addTotp(without, ada);
    const sealed = await seedOf(phone);

    expect(await check(withOtherSecret)).to.deep.equal({
      check: 'factor keys',
      result: 'fail',
      reason: "no key here opens the seeds of 1 of 1 authenticator apps: their owners can't sign in",
      remedy: 'append the keys that are missing to FACTOR_KEYS, or to JWT_SECRETS',
    });
    await reseal(withOtherSecret);

    expect(await seedOf(phone)).to.deep.equal(sealed);
    expect(await works(without, ada, phone)).to.be.true;
  });

  it('reach every seed, even beyond many that were tampered with', async () => {
    const ada = await without.signIn();
    const ids = Array.from({ length: 250 }, () => createId());
    const phone = await addTotp(without, ada);
    const { pool } = without.context.database;
    const sealed = await seedOf(phone);
    const broken = Buffer.concat([sealed.subarray(0, -1), Buffer.from([sealed.readUInt8(sealed.length - 1) ^ 1])]);
    const factor = { user_id: ada.id, kind: 'totp', name: 'Broken', confirmed_at: new Date() };
    await pool('factors').insert(ids.map((id) => ({ id, ...factor })));
    await pool('totp_seeds').insert(ids.map((id) => ({ factor_id: id, seed: broken })));

    await reseal(withFirst);

    expect(await seedOf(phone)).not.to.deep.equal(sealed);
    expect(await pool('totp_seeds').where({ seed: broken })).to.have.length(250);
  });
});
