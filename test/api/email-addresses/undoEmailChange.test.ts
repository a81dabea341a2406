import { expect } from 'chai';
import { useApp, type SignedIn } from '../../support/app.ts';
import { eventsOf } from '../../support/events.ts';
import { deliverMails } from '../../support/mails.ts';
import { newPerson, registration } from '../../support/people.ts';
import { expectProblem } from '../../support/problems.ts';

describe('undoEmailChange', () => {
  const app = useApp();
  const undo = (token: string | undefined) => app.send('post', '/auth/email/undo', { json: { token } });
  const verify = (token: string | undefined) => app.send('post', '/auth/email/verify', { json: { token } });
  const change = async ({ accessToken, email: old }: Pick<SignedIn, 'accessToken' | 'email'>, email: string) => {
    await app.send('post', '/auth/email', { token: accessToken, json: { email } });
    const mails = await deliverMails(app);
    const [toNew, toOld] = [email, old].map((address) => mails.find(({ to }) => to === address)?.token);
    return { toNew, toOld };
  };
  /** Somebody else has got at the session and the password of a person, and gives the account an address of their own. */
  const takenOver = async () => {
    const [person, away] = [await app.signIn(), newPerson().email];
    const { toNew, toOld } = await change(person, away);
    await verify(toNew);
    await deliverMails(app);
    const { body } = await app.login({ ...person, email: away });
    return { person, away, toOld, thief: { email: away, accessToken: body.access_token as string } };
  };
  const jobs = () => app.context.database.pool('jobs');
  const holdMailsTo = (email: string) =>
    jobs()
      .whereRaw(`payload->>'email' = ?`, [email])
      .update({ run_at: new Date(Date.now() + 3_600_000) });
  const releaseMails = () => jobs().update({ run_at: new Date() });
  afterEach('send what is left', () => deliverMails(app));

  it('restores the address after the change, ends all sessions and asks for a new password', async () => {
    const { person, away, toOld, thief } = await takenOver();

    expect((await undo(toOld)).status).to.equal(204);

    const me = await app.send('get', '/auth/me', { token: thief.accessToken });
    expectProblem(me, 401, 'invalid_token');
    for (const email of [away, person.email]) {
      expectProblem(await app.login({ ...person, email }), 401, 'invalid_credentials');
    }
    const [mail, ...others] = await deliverMails(app);
    expect(others).to.deep.equal([]);
    expect(mail).to.include({ name: 'password_reset', to: person.email });
    const json = { token: mail?.token, new_password: 'seven green kites over water' };
    expect((await app.send('post', '/auth/password/reset', { json })).status).to.equal(204);
    expect((await app.login({ ...person, password: json.new_password })).status).to.equal(200);
    expect((await eventsOf(app, person.id)).map(({ type }) => type)).to.include('email.change_undone');
  });

  it('withdraws a change that was not confirmed', async () => {
    const person = await app.signIn();
    const { toNew, toOld } = await change(person, newPerson().email);

    expect((await undo(toOld)).status).to.equal(204);

    expectProblem(await verify(toNew), 400, 'invalid_one_time_secret');
    expect((await deliverMails(app)).map(({ name }) => name)).to.deep.equal(['password_reset']);
  });

  it('works once', async () => {
    const { toOld } = await takenOver();

    const answers = [await undo(toOld), await undo(toOld)];

    expect(answers.map(({ status }) => status)).to.deep.equal([204, 400]);
  });

  it('outlives a change of the password', async () => {
    const { person, away, toOld } = await takenOver();
    await app.send('post', '/auth/password/forgot', { json: { email: away } });
    const [mail] = await deliverMails(app);
    const json = { token: mail?.token, new_password: 'seven green kites over water' };
    expect((await app.send('post', '/auth/password/reset', { json })).status).to.equal(204);

    expect((await undo(toOld)).status).to.equal(204);

    expectProblem(await app.login({ ...person, email: away, password: json.new_password }), 401, 'invalid_credentials');
  });

  it("can't be undone by whoever changed the address again", async () => {
    const { person, toOld, thief } = await takenOver();
    const further = await change(thief, newPerson().email);
    await verify(further.toNew);

    expect((await undo(toOld)).status).to.equal(204);

    expectProblem(await undo(further.toOld), 400, 'invalid_one_time_secret');
    await deliverMails(app);
    await app.send('post', '/auth/password/forgot', { json: { email: person.email } });
    expect((await deliverMails(app)).map(({ to }) => to)).to.deep.equal([person.email]);
  });

  it('still leads back further when a later change was undone first', async () => {
    const { person, toOld, thief } = await takenOver();
    const further = await change(thief, newPerson().email);
    await verify(further.toNew);
    await undo(further.toOld);

    expect((await undo(toOld)).status).to.equal(204);

    await deliverMails(app);
    await app.send('post', '/auth/password/forgot', { json: { email: person.email } });
    expect((await deliverMails(app)).map(({ to }) => to)).to.deep.equal([person.email]);
  });

  it('is followed by no mail to whoever lost the account, however late that mail is', async () => {
    const { toOld, thief } = await takenOver();
    await app.send('post', '/auth/email', { token: thief.accessToken, json: { email: newPerson().email } });

    expect((await undo(toOld)).status).to.equal(204);

    expect((await deliverMails(app)).map(({ to }) => to)).not.to.include(thief.email);
  });

  it('withdraws the links of later changes, even if its own mail was sent after theirs', async () => {
    const person = await app.signIn();
    const away = newPerson().email;
    await app.send('post', '/auth/email', { token: person.accessToken, json: { email: away } });
    await holdMailsTo(person.email);
    const mails = await deliverMails(app);
    await verify(mails.find(({ to }) => to === away)?.token);
    const { body } = await app.login({ ...person, email: away });
    const further = await change({ accessToken: body.access_token, email: away }, newPerson().email);
    await releaseMails();
    const late = (await deliverMails(app)).find(({ name }) => name === 'email_change_undo');
    expect(late).to.include({ to: person.email });

    expect((await undo(late?.token)).status).to.equal(204);

    expectProblem(await undo(further.toOld), 400, 'invalid_one_time_secret');
  });

  it('takes the address from somebody who registered it meanwhile without proving it', async () => {
    const { person, toOld } = await takenOver();
    const blocker = { ...newPerson(), email: person.email };
    const { status, body } = await app.send('post', '/auth/register', { json: registration(blocker) });
    expect(status).to.equal(201);

    expect((await undo(toOld)).status).to.equal(204);

    expectProblem(await app.login(blocker), 401, 'invalid_credentials');
    const event = (await eventsOf(app, body.id)).at(-1);
    expect(event).to.deep.include({ type: 'user.deleted', details: { reason: 'address_proved' } });
  });

  it('answers 409 when somebody else has proved the address meanwhile, and stays valid', async () => {
    const { person, toOld } = await takenOver();
    const next = { ...newPerson(), email: person.email };
    await app.send('post', '/auth/register', { json: registration(next) });
    await verify((await deliverMails(app)).find(({ to }) => to === person.email)?.token);

    for (let count = 0; count < 2; count += 1) expectProblem(await undo(toOld), 409, 'email_taken');

    expect((await app.login(next)).status).to.equal(200);
  });
});
