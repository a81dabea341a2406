import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { v7 as createId } from 'uuid';
import * as repository from '../../../src/features/one-time-secrets/one-time-secrets.repository.ts';
import {
  createOneTimeSecretsService,
  mailsPerHour,
  type Purpose,
} from '../../../src/features/one-time-secrets/one-time-secrets.service.ts';
import { raiseCredentialsVersion } from '../../../src/features/users/users.repository.ts';
import { ServiceError } from '../../../src/platform/errors.ts';
import { useDatabase } from '../../support/database.ts';
import { expect256RandomBits } from '../../support/random-bits.ts';
import { aUser, together, untilItWaits } from '../factories.ts';

describe('one-time secrets', () => {
  const database = useDatabase();
  let service: ReturnType<typeof createOneTimeSecretsService>;
  before('create the service', () => {
    service = createOneTimeSecretsService({ database: { pool: database.db }, secrets: repository });
  });
  const secretFor = ({ id: userId, email }: { id: string; email: string }, ttlSeconds = 60) =>
    service.issue(database.db, { purpose: 'password_reset', owner: { userId }, email, ttlSeconds });
  const lastingFor = ({ id: userId, email }: { id: string; email: string }, since = new Date()) => {
    const secret = { purpose: 'email_change_undo', owner: { userId }, email, ttlSeconds: 60 } as const;
    return database.database.transaction((db) => service.issueLasting(db, secret, since));
  };
  const redeem = (secret: string, purpose: Purpose = 'password_reset') =>
    database.database.transaction((db) => service.redeem(db, secret, [purpose]));
  const refusalOf = async (work: Promise<unknown>) => {
    const error: unknown = await work.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    return error instanceof ServiceError ? error.code : error;
  };
  const rowsOf = (userId: string) =>
    database.db('one_time_secrets').where({ user_id: userId }).select<Record<string, unknown>[]>();

  it('are 256 random bits with a prefix, and only their hash is stored', async () => {
    const user = await aUser(database.db);

    const issued = await Promise.all(Array.from({ length: 40 }, () => secretFor(user)));

    for (const secret of issued) expect(secret).to.match(/^lks_[\w-]{43}$/);
    expect256RandomBits(issued.map((secret) => Buffer.from(secret.slice(4), 'base64url')));
    const stored = (await rowsOf(user.id))
      .flatMap((row) => Object.values(row))
      .map((value) => (Buffer.isBuffer(value) ? value.toString('latin1') : String(value)))
      .join();
    expect(stored).to.include(createHash('sha256').update(issued[0]!).digest().toString('latin1'));
    for (const secret of issued) {
      expect(stored).not.to.include(secret.slice(4));
      expect(stored).not.to.include(Buffer.from(secret.slice(4), 'base64url').toString('latin1'));
    }
  });

  it('tell whose they are and where they were sent', async () => {
    const user = await aUser(database.db);

    const redeemed = await redeem(await secretFor(user));

    expect(redeemed).to.include({ purpose: 'password_reset', userId: user.id, email: user.email });
  });

  it('can be looked at without being used up', async () => {
    const user = await aUser(database.db);
    const secret = await secretFor(user);

    const found = await service.find(secret, ['password_reset']);

    expect(found).to.include({ userId: user.id });
    expect(await redeem(secret)).to.include({ userId: user.id });
  });

  it('work once', async () => {
    const secret = await secretFor(await aUser(database.db));
    await redeem(secret);

    expect(await refusalOf(redeem(secret))).to.equal('invalid_one_time_secret');
    expect(await refusalOf(service.find(secret, ['password_reset']))).to.equal('invalid_one_time_secret');
  });

  it('work once, even for many simultaneous attempts', async () => {
    for (let round = 0; round < 10; round += 1) {
      const secret = await secretFor(await aUser(database.db));

      const { given, thrown } = await together(Array.from({ length: 4 }, () => () => redeem(secret)));

      expect(given).to.have.length(1);
      expect(thrown.map((error) => (error as ServiceError).code)).to.deep.equal(
        Array(3).fill('invalid_one_time_secret'),
      );
    }
  });

  it('are not used up by a transaction that fails', async () => {
    const secret = await secretFor(await aUser(database.db));
    const failing = database.database.transaction(async (db) => {
      await service.redeem(db, secret, ['password_reset']);
      throw new Error('a fault');
    });
    await failing.catch(() => {});

    expect(await redeem(secret)).to.have.property('purpose', 'password_reset');
  });

  describe("don't work", () => {
    it('for another purpose', async () => {
      const secret = await secretFor(await aUser(database.db));

      expect(await refusalOf(redeem(secret, 'email_verification'))).to.equal('invalid_one_time_secret');
      expect(await redeem(secret)).to.have.property('purpose', 'password_reset');
    });

    it('once they have expired', async () => {
      const secret = await secretFor(await aUser(database.db), 0);

      expect(await refusalOf(redeem(secret))).to.equal('invalid_one_time_secret');
    });

    it('if they were made up', async () => {
      expect(await refusalOf(redeem(`lks_${'A'.repeat(43)}`))).to.equal('invalid_one_time_secret');
    });

    for (const [what, change] of [
      ['deactivated', { is_active: false }],
      ['deleted', { deleted_at: new Date() }],
    ] as const) {
      it(`for a user who was ${what}`, async () => {
        const user = await aUser(database.db);
        const secret = await secretFor(user);
        await database.db('users').where({ id: user.id }).update(change);

        expect(await refusalOf(redeem(secret))).to.equal('invalid_one_time_secret');
      });
    }

    it("once the user's credentials have changed, unless they were meant to last", async () => {
      const user = await aUser(database.db);
      const secret = await secretFor(user);
      const lasting = await lastingFor(user);
      await raiseCredentialsVersion(database.db, user.id);

      expect(await refusalOf(redeem(secret))).to.equal('invalid_one_time_secret');
      expect(await redeem(lasting!, 'email_change_undo')).to.include({ userId: user.id });
    });

    it('once an earlier one is being used, even if they are issued only then', async () => {
      const user = await aUser(database.db);
      const earlier = await lastingFor(user);
      const since = new Date();
      let issuing: Promise<unknown> | undefined;

      await database.database.transaction(async (db) => {
        await service.redeem(db, earlier!, ['email_change_undo']);
        issuing = lastingFor(user, since);
        await untilItWaits(database.db, issuing);
      });

      expect(await issuing).to.equal(undefined);
      expect(await lastingFor(user, new Date(Date.now() + 1000))).to.match(/^lks_/);
    });

    it('while the credentials are being changed', async () => {
      const user = await aUser(database.db);
      const secret = await secretFor(user);
      let redeeming: Promise<unknown> | undefined;

      await database.database.transaction(async (db) => {
        await raiseCredentialsVersion(db, user.id);
        redeeming = refusalOf(redeem(secret));
        await untilItWaits(database.db, redeeming);
      });

      expect(await redeeming).to.equal('invalid_one_time_secret');
    });

    it('once they were withdrawn, while earlier ones still do', async () => {
      const user = await aUser(database.db);
      const [earlier, later] = [await secretFor(user), await secretFor(user)];
      const since = new Date(Date.now() + 1000);
      const secret_hash = createHash('sha256').update(later).digest();
      await database.db('one_time_secrets').where({ secret_hash }).update({ created_at: since });

      await service.withdrawSince(database.db, user.id, 'password_reset', since);

      expect(await refusalOf(redeem(later))).to.equal('invalid_one_time_secret');
      expect(await redeem(earlier)).to.include({ userId: user.id });
    });
  });

  describe('in mails that strangers ask for', () => {
    const mailFor = ({ id: userId, email }: { id: string; email: string }, mailId = createId()) =>
      database.database.transaction((db) =>
        service.issueForMail(db, { purpose: 'password_reset', owner: { userId }, email, ttlSeconds: 60 }, mailId),
      );

    it('are bounded by address and hour, whatever the purpose', async () => {
      const user = await aUser(database.db);

      const { given } = await together(Array.from({ length: mailsPerHour + 3 }, () => () => mailFor(user)));

      expect(given.filter((secret) => secret !== undefined)).to.have.length(mailsPerHour);
    });

    it('are issued again after an hour', async () => {
      const user = await aUser(database.db);
      for (let count = 0; count < mailsPerHour; count += 1) await mailFor(user);
      await database
        .db('one_time_secrets')
        .where({ user_id: user.id })
        .update({ created_at: database.db.raw(`now() - interval '61 minutes'`) });

      expect(await mailFor(user)).to.match(/^lks_/);
    });

    it('count once for all attempts at one mail, each of which works', async () => {
      const user = await aUser(database.db);
      const mailId = createId();

      const attempts = [];
      for (let count = 0; count < mailsPerHour + 3; count += 1) attempts.push(await mailFor(user, mailId));

      expect(attempts).not.to.include(undefined);
      expect(await mailFor(user)).to.match(/^lks_/);
      expect(await redeem(attempts[0]!)).to.include({ userId: user.id });
    });
  });

  it('are deleted an hour after they expired', async () => {
    const [old, recent] = [await aUser(database.db), await aUser(database.db)];
    for (const user of [old, recent]) await secretFor(user, 0);
    await database
      .db('one_time_secrets')
      .where({ user_id: old.id })
      .update({ expires_at: database.db.raw(`now() - interval '61 minutes'`) });

    while ((await repository.deleteExpiredSecrets(database.db, 20)) > 0);

    expect(await rowsOf(old.id)).to.deep.equal([]);
    expect(await rowsOf(recent.id)).to.have.length(1);
  });
});
