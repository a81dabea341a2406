import { expect } from 'chai';
import { mailsPerHour } from '../../../src/features/one-time-secrets/one-time-secrets.service.ts';
import { useApp } from '../../support/app.ts';
import { addUser } from '../../support/factories.ts';
import { deliverMails } from '../../support/mails.ts';
import { mailedSecret, told } from '../../support/one-time-secrets.ts';
import { newPerson, registration } from '../../support/people.ts';

describe('resendVerification', () => {
  const app = useApp();
  const resend = (email: string) => app.send('post', '/auth/email/resend', { json: { email } });
  const verify = (token: string | undefined) => app.send('post', '/auth/email/verify', { json: { token } });
  afterEach('send what is left', () => deliverMails(app));

  it('mails another link, and the first still works', async () => {
    const person = newPerson();
    await app.send('post', '/auth/register', { json: registration(person) });
    const [first] = await deliverMails(app);

    const { status } = await resend(` ${person.email.toUpperCase()}`);

    expect(status).to.equal(202);
    const [second, ...others] = await deliverMails(app);
    expect(others).to.deep.equal([]);
    expect(second).to.include({ name: 'email_verification', to: person.email });
    for (const { token } of [first!, second!]) expect((await verify(token)).status).to.equal(204);
  });

  it("doesn't reveal whether somebody has the address, or has verified it", async () => {
    const [verified, unverified] = [await addUser(app), await addUser(app)];
    await verify(await mailedSecret(app, 'email_verification', verified));

    const answers = [];
    for (const email of [unverified.email, verified.email, newPerson().email]) answers.push(told(await resend(email)));

    expect(answers[1]).to.deep.equal(answers[0]);
    expect(answers[2]).to.deep.equal(answers[0]);
    expect((await deliverMails(app)).map(({ to }) => to)).to.deep.equal([unverified.email]);
  });

  it('floods nobody, whichever mails are asked for', async () => {
    const { email } = await addUser(app);

    const sent = [];
    for (let count = 0; count < mailsPerHour; count += 1) {
      await resend(email);
      await app.send('post', '/auth/password/forgot', { json: { email } });
      sent.push(...(await deliverMails(app)));
    }

    expect(sent).to.have.length(mailsPerHour);
  });
});
