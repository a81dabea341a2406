/** Whoever asks for mails can't tell by the work whether one is on its way, which only happens where somebody has the address. */
import { expect } from 'chai';
import { useApp } from '../../support/app.ts';
import { addUser } from '../../support/factories.ts';
import { deliverMails } from '../../support/mails.ts';
import { newPerson } from '../../support/people.ts';
import { countStatements } from '../../support/statements.ts';

interface Row {
  readonly id: string;
  readonly payload: unknown;
  readonly run_at: Date;
  /** The transaction that wrote it. */
  readonly xmin: string;
}

const operations = {
  requestLoginCode: '/auth/email-codes',
  requestPasswordReset: '/auth/password/forgot',
  resendVerification: '/auth/email/resend',
};

for (const [operation, path] of Object.entries(operations)) {
  describe(`${operation}, asked again`, () => {
    const app = useApp();
    const ask = (email: string) => app.send('post', path, { json: { email } });
    const jobOf = async (email: string) => {
      const rows = app.context.database.pool('jobs').whereRaw(`payload->>'email' = ?`, [email]);
      return rows.first<Row | undefined>('id', 'payload', 'run_at', 'xmin');
    };

    it('writes as much while the mail waits as for an address that nobody has', async () => {
      const [known, unknown] = [await addUser(app), newPerson()];
      await ask(unknown.email);
      await deliverMails(app);
      await ask(known.email);
      const before = await jobOf(known.email);

      const ofKnown = await countStatements(() => ask(known.email));
      const ofUnknown = await countStatements(() => ask(unknown.email));

      expect(ofKnown).to.equal(ofUnknown);
      const after = await jobOf(known.email);
      expect(after!.xmin, 'it was written').not.to.equal(before!.xmin);
      expect({ ...after, xmin: before!.xmin }, 'nothing in it was changed').to.deep.equal(before);
      expect((await jobOf(unknown.email))!.xmin).to.match(/^\d+$/);
      expect((await deliverMails(app)).map(({ to }) => to)).to.deep.equal([known.email]);
    });
  });
}
