/** Refresh tokens of Latchkey 0.1, which are rows: exchanged once for those of today. */
import { expect } from 'chai';
import { createHash, randomBytes } from 'node:crypto';
import { exchangePreviousToken, isPreviousToken } from '../../../src/features/sessions/previous-refresh-tokens.ts';
import { endSession } from '../../../src/features/sessions/sessions.repository.ts';
import { updateUser } from '../../../src/features/users/users.repository.ts';
import { useDatabase } from '../../support/database.ts';
import { aSession, aUser, together } from '../factories.ts';
import { lastUsed, limits, refresh, tokenOf } from './refreshing.ts';

describe('a refresh token of Latchkey 0.1', () => {
  const database = useDatabase();
  const hashOf = (text: string) => createHash('sha256').update(text).digest();
  const exchange = (text: string) => database.db.transaction((db) => exchangePreviousToken(db, text, limits));
  const outcomeOf = async (text: string) => (await exchange(text)).outcome;
  const sessionRow = (session: string) => database.db('sessions').where({ id: session }).first();

  /** A token that 0.1 made, of a session that it began; one that it used has a successor. */
  async function aPreviousToken(session?: string) {
    const { id: user, email } = await aUser(database.db);
    const of = session ?? (await aSession(database.db, user));
    await database.db('sessions').where({ id: of }).update({ secret: null, authenticated_at: null });
    const text = `lkr_${randomBytes(32).toString('base64url')}`;
    await database.db('refresh_tokens').insert({ token_hash: hashOf(text), session_id: of });
    return { session: of, user, email, text };
  }
  async function useBy01(text: string) {
    await database
      .db('refresh_tokens')
      .where({ token_hash: hashOf(text) })
      .update({ used_at: database.db.fn.now() });
  }
  async function exchanged(text: string) {
    const found = await exchange(text);
    if (found.outcome !== 'rotated') throw new Error(`it was ${found.outcome}`);
    return found.session;
  }

  it('is told apart by its form', () => {
    expect(isPreviousToken(`lkr_${'A'.repeat(43)}`)).to.equal(true);
    expect(isPreviousToken(`lkr_${'A'.repeat(72)}`)).to.equal(false);
  });

  it('is exchanged for a token of today, which works', async () => {
    const { session, user, text } = await aPreviousToken();

    const found = await exchanged(text);

    const { created_at: authenticatedAt } = await sessionRow(session);
    expect(found).to.deep.include({ id: session, userId: user, authenticatedAt, methods: ['password'], generation: 1 });
    const next = await refresh(database.db, tokenOf({ session, secret: found.secret }, 1));
    expect(next).to.have.property('generation', 2);
  });

  it('gets the same when it is repeated within the grace, even at once', async () => {
    const { text } = await aPreviousToken();

    const { given } = await together(Array.from({ length: 5 }, () => () => exchanged(text)));

    expect(given).to.have.length(5);
    for (const one of [...given, await exchanged(text)]) expect(one).to.deep.equal(given[0]);
  });

  it('was stolen when it is repeated after the grace', async () => {
    const { session, user, email, text } = await aPreviousToken();
    await exchange(text);
    await lastUsed(database.db, session, limits.graceSeconds + 1);

    expect(await exchange(text)).to.deep.equal({ outcome: 'reused', session: { id: session, userId: user, email } });
  });

  it('was stolen when it is repeated once its successor was used', async () => {
    const { session, text } = await aPreviousToken();
    const { secret } = await exchanged(text);
    await refresh(database.db, tokenOf({ session, secret }, 1));

    expect(await outcomeOf(text)).to.equal('reused');
  });

  it('was stolen when 0.1 exchanged it before', async () => {
    const { session, text } = await aPreviousToken();
    await useBy01(text);
    expect(await outcomeOf(text)).to.equal('reused');
    const { text: successor } = await aPreviousToken(session);
    await exchange(successor);

    expect(await outcomeOf(text)).to.equal('reused');
  });

  it("can't be used by 0.1 either, once it was exchanged", async () => {
    const { text } = await aPreviousToken();
    await exchange(text);

    const row = await database
      .db('refresh_tokens')
      .where({ token_hash: hashOf(text) })
      .first();
    expect(row.used_at).to.be.an.instanceOf(Date);
  });

  it('is worth nothing once its session has ended, or while its user is inactive', async () => {
    const [ended, inactive] = [await aPreviousToken(), await aPreviousToken()];
    await endSession(database.db, ended.session);
    const owner = (await sessionRow(inactive.session)).user_id as string;
    await updateUser(database.db, owner, { isActive: false });

    expect(await outcomeOf(ended.text)).to.equal('expired');
    expect(await outcomeOf(inactive.text)).to.equal('expired');
  });

  it('is worth nothing when its session was idle for too long, counted from its own making', async () => {
    const [idle, fresh] = [await aPreviousToken(), await aPreviousToken()];
    for (const { session } of [idle, fresh]) await lastUsed(database.db, session, limits.idleSeconds);
    const long = database.db.raw(`now() - ? * interval '1 second'`, [limits.idleSeconds + 1]);
    await database
      .db('refresh_tokens')
      .where({ token_hash: hashOf(idle.text) })
      .update({ created_at: long });

    expect(await outcomeOf(idle.text)).to.equal('expired');
    expect(await outcomeOf(fresh.text)).to.equal('rotated');
  });

  it('is unknown when nobody made it', async () => {
    expect(await outcomeOf(`lkr_${'A'.repeat(43)}`)).to.equal('invalid');
  });
});
