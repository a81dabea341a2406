/** Codes on a real database: what attempts at a mail, rotations of keys and races do to them. */
import { expect } from 'chai';
import { v7 as createId } from 'uuid';
import * as repository from '../../../src/features/email-codes/email-codes.repository.ts';
import { createEmailCodesService } from '../../../src/features/email-codes/email-codes.service.ts';
import type { AuditEvent } from '../../../src/features/audit/audit-event.ts';
import { findUserByEmail, raiseCredentialsVersion } from '../../../src/features/users/users.repository.ts';
import type { User } from '../../../src/access/user.ts';
import type { Db } from '../../../src/platform/database/database.ts';
import type { Payload } from '../../../src/platform/jobs/job.ts';
import { loadConfig } from '../../../src/platform/config/config.ts';
import { deriveKeys } from '../../../src/platform/keys.ts';
import { createLog } from '../../../src/platform/log/log.ts';
import { createMailJobs, type Mail } from '../../../src/platform/mail/mail.ts';
import { aClient } from '../../support/a-client.ts';
import { testEnvironment } from '../../support/app.ts';
import { useDatabase } from '../../support/database.ts';
import { anotherCode } from '../../support/email-codes.ts';
import { useJobWorkers } from '../../support/jobs.ts';
import { freePort } from '../../support/ports.ts';
import { startMailServer } from '../../support/smtp.ts';
import { aUser } from '../factories.ts';

const [old, newer] = ['an old signing secret of 32 letters', 'a newer signing secret of 32 letters'];

describe('e-mail codes', () => {
  const database = useDatabase();
  const workers = useJobWorkers(database);
  let events: AuditEvent[];
  beforeEach('forget what was recorded', () => {
    events = [];
  });

  type MailOf = Parameters<typeof createEmailCodesService>[0]['mail'];

  /** The service of a process with these signing secrets. */
  function serviceWith(secrets: readonly string[], mail: MailOf) {
    return createEmailCodesService({
      isOn: true,
      jobs: workers.queue,
      mail,
      keys: deriveKeys(secrets).ring('email codes'),
      codes: repository,
      users: { findByEmail: (email) => findUserByEmail(database.db, email) },
      audit: { record: async (_db, event) => void events.push(event) },
    });
  }

  /** The same, and what a mail would say, without sending it. */
  function composing(...secrets: readonly string[]) {
    let compose!: (payload: Payload, db: Db) => Promise<Mail | undefined>;
    const mail: MailOf = {
      job(handler) {
        compose = handler.compose;
        return { name: handler.name, run: async () => {} };
      },
    };
    const service = serviceWith(secrets, mail);
    return {
      service,
      /** The code of an attempt at a mail; nothing if there is none to send. */
      codeOf: async ({ email }: User, mail_id: string): Promise<string | undefined> => {
        const payload = { mail_id, email, client: aClient() };
        const composed = await database.database.transaction((db) => compose(payload, db));
        return (composed?.values as { code: string } | undefined)?.code;
      },
      attempt: ({ id: userId, email }: User, code: string) =>
        database.database.transaction((db) => service.attempt(db, { userId, email, code })),
    };
  }
  const { codeOf, attempt, service } = composing(old);
  const rowsOf = ({ id }: User) => database.db('email_codes').where({ user_id: id });
  const age = (user: User, seconds: number) => {
    const earlier = (column: string) => database.db.raw(`?? - ? * interval '1 second'`, [column, seconds]);
    return rowsOf(user).update({ created_at: earlier('created_at'), expires_at: earlier('expires_at') });
  };

  it('are six digits, zeros in front included, and differ', async () => {
    const codes = [];
    for (let mail = 0; mail < 120; mail += 1) codes.push(await codeOf(await aUser(database.db), createId()));

    for (const code of codes) expect(code).to.match(/^[0-9]{6}$/);
    expect(new Set(codes).size).to.be.greaterThan(115);
    expect(codes.filter((code) => code!.startsWith('0')).length).to.be.within(1, 40);
  });

  it('are stored nowhere, and last ten minutes by the clock of the database', async () => {
    const user = await aUser(database.db);

    const code = await codeOf(user, createId());

    const [row] = await rowsOf(user).select<Record<string, Date>[]>();
    expect(JSON.stringify(row)).not.to.include(`"${code}"`);
    expect(row!['expires_at']!.getTime() - row!['created_at']!.getTime()).to.equal(600_000);
  });

  describe('whose mail takes several attempts', () => {
    it('stay the same: a crash after the mail was taken changes nothing', async () => {
      const [user, mail] = [await aUser(database.db), createId()];

      const [first, second] = [await codeOf(user, mail), await codeOf(user, mail)];

      expect(second).to.equal(first);
      expect(await rowsOf(user)).to.have.length(1);
      expect(await attempt(user, first!)).to.include({ id: mail });
      expect(events.map(({ type }) => type)).to.deep.equal(['email_code.requested']);
    });

    it('keep the attempts that were made at them, and their end', async () => {
      const [user, mail] = [await aUser(database.db), createId()];
      const code = await codeOf(user, mail);
      await attempt(user, anotherCode(code!));
      await age(user, 300);
      const [before] = await rowsOf(user).select<object[]>();

      await codeOf(user, mail);

      expect((await rowsOf(user))[0]).to.deep.equal(before);
    });

    const over: [string, (user: User, code: string, mail: string) => Promise<unknown>][] = [
      ['a newer one was mailed', (user) => codeOf(user, createId())],
      ['they have expired', (user) => age(user, 600)],
      ['less than a minute is left, too little to read a mail', (user) => age(user, 545)],
      [
        'they were used',
        async (user, code) => {
          const codeMail = await attempt(user, code);
          await database.database.transaction((db) => service.redeem(db, codeMail!));
        },
      ],
      [
        'five wrong ones were tried',
        async (user, code) => {
          for (let wrong = 0; wrong < 5; wrong += 1) await attempt(user, anotherCode(code));
        },
      ],
      ['the credentials changed', ({ id }) => raiseCredentialsVersion(database.db, id)],
      ['the user was deactivated', ({ id }) => database.db('users').where({ id }).update({ is_active: false })],
    ];
    for (const [what, happen] of over) {
      it(`are not sent again once ${what}`, async () => {
        const [user, mail] = [await aUser(database.db), createId()];
        const code = await codeOf(user, mail);

        await happen(user, code!, mail);

        expect(await codeOf(user, mail)).to.equal(undefined);
      });
    }
  });

  it('of two mails that are written at once are valid in one', async () => {
    for (let round = 0; round < 5; round += 1) {
      const user = await aUser(database.db);

      const codes = await Promise.all([createId(), createId(), createId()].map((mail) => codeOf(user, mail)));

      expect(codes).not.to.include(undefined);
      expect(await rowsOf(user).whereNull('ended_at')).to.have.length(1);
      const right = [];
      for (const code of codes) if (await attempt(user, code!)) right.push(code);
      expect(new Set(right).size).to.equal(1);
    }
  });

  it('are used up by one of several at once', async () => {
    const user = await aUser(database.db);
    const code = await codeOf(user, createId());
    const codeMails = await Promise.all([1, 2, 3].map(() => attempt(user, code!)));

    const redeemed = await Promise.all(
      codeMails.map((codeMail) => database.database.transaction((db) => service.redeem(db, codeMail!))),
    );

    expect(redeemed.sort()).to.deep.equal([false, false, true]);
  });

  it('outlive a rotation of the signing secrets, but not the removal of theirs', async () => {
    const user = await aUser(database.db);
    const code = await codeOf(user, createId());

    expect(await composing(newer).attempt(user, code!)).to.equal(undefined);
    expect(await composing(newer, old).attempt(user, code!)).not.to.equal(undefined);
  });

  it('are deleted an hour after they expired, since until then their mails count', async () => {
    const [fresh, recent, stale] = [await aUser(database.db), await aUser(database.db), await aUser(database.db)];
    for (const user of [fresh, recent, stale]) await codeOf(user, createId());
    await age(recent, 600 + 3500);
    await age(stale, 600 + 3700);

    await repository.deleteExpiredCodes(database.db, 100);

    expect([await rowsOf(fresh), await rowsOf(recent), await rowsOf(stale)].map(({ length }) => length)).to.deep.equal([
      1, 1, 0,
    ]);
  });

  it('wait for a mail server that is down, and come once, with the code of the first attempt', async () => {
    const [user, port] = [await aUser(database.db), await freePort()];
    const variables = {
      ...testEnvironment(database.url),
      SMTP_URL: `smtp://127.0.0.1:${port}`,
      MAIL_FROM: 'accounts@service.example',
    };
    const { config, secrets } = loadConfig(variables);
    const log = createLog(config.log);
    const mail = createMailJobs({ config, database: database.database, log, smtpUrl: secrets.smtpUrl });
    const service = serviceWith([old], mail);
    workers.start([service.job]);
    await service.request(database.db, user.email, aClient());
    expect(await workers.ended(1)).to.deep.equal(['send_login_code failed']);
    const server = await startMailServer({}, port);

    await database.db('jobs').update({ run_at: database.db.fn.now() });

    expect(await workers.ended(2)).to.deep.equal(['send_login_code failed', 'send_login_code done']);
    await server.stop();
    expect(server.received.map(({ to }) => to)).to.deep.equal([user.email]);
    const [row] = await rowsOf(user).select<{ mail_id: string }[]>();
    expect(server.received[0]!.subject).to.include((await codeOf(user, row!.mail_id))!);
  });
});
