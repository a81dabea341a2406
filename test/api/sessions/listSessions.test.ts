import { expect } from 'chai';
import { useApp, useSecondApp, type SignedIn } from '../../support/app.ts';

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const day = 86_400_000;

describe('listSessions', () => {
  const app = useApp();
  const elsewhere = useSecondApp(app);
  const list = async (token: string) =>
    (await app.send('get', '/auth/sessions', { token })).body.items as Record<string, unknown>[];
  const signInAgain = async ({ email, password }: SignedIn, headers: Record<string, string> = {}) =>
    (await app.send('post', '/auth/login', { json: { email, password }, headers })).body as {
      access_token: string;
      refresh_token: string;
    };
  const rowsOf = (userId: string) => app.context.database.pool('sessions').where({ user_id: userId });

  it('shows how and from where somebody signed in, and how long the session lasts', async () => {
    const ada = await app.signIn();
    const { access_token: token } = await signInAgain(ada, { 'User-Agent': firefox });

    const [session] = await list(token);

    expect(session).to.deep.include({
      client: { device: 'Linux', browser: 'Firefox 140' },
      ip_address: '127.0.0.1',
      methods: ['password'],
      is_current: true,
    });
    expect(session!['last_used_at']).to.equal(session!['created_at']);
    expect(Date.now() - Date.parse(session!['created_at'] as string)).to.be.within(-1000, 60_000);
    expect(Date.parse(session!['expires_at'] as string) - Date.now()).to.be.closeTo(14 * day, 60_000);
  });

  it('shows the current one among others, the last used first', async () => {
    const ada = await app.signIn();
    const [second, third] = [await signInAgain(ada), await signInAgain(ada)];
    const [idOfThird, idOfSecond, idOfFirst] = (await list(second.access_token)).map(({ id }) => id);

    await app.send('post', '/auth/refresh', { json: { refresh_token: ada.refreshToken } });

    const sessions = await list(third.access_token);
    expect(sessions.map(({ id }) => id)).to.deep.equal([idOfFirst, idOfThird, idOfSecond]);
    expect(sessions.map((session) => session['is_current'])).to.deep.equal([false, true, false]);
    const [first] = sessions;
    expect(Date.parse(first!['last_used_at'] as string)).to.be.above(Date.parse(first!['created_at'] as string));
  });

  it('shows the end of the 30 days if that comes before the idle limit', async () => {
    const ada = await app.signIn();
    await rowsOf(ada.id).update({ expires_at: new Date(Date.now() + day) });

    const [session] = await list(ada.accessToken);

    expect(Date.parse(session!['expires_at'] as string) - Date.now()).to.be.closeTo(day, 60_000);
  });

  it('leaves out sessions that have ended or were idle for too long', async () => {
    const ada = await app.signIn();
    const [ended, idle] = [await signInAgain(ada), await signInAgain(ada)];
    await app.send('post', '/auth/logout', { token: ended.access_token });
    const [{ id }] = (await list(idle.access_token)) as [{ id: string }];
    await rowsOf(ada.id)
      .where({ id })
      .update({ last_used_at: new Date(Date.now() - 15 * day) });

    expect((await list(ada.accessToken)).map((session) => session['is_current'])).to.deep.equal([true]);
  });

  it("shows nobody else's", async () => {
    const [ada, grace] = [await app.signIn(), await app.signIn('admin')];

    expect(await list(ada.accessToken)).to.have.length(1);
    expect(await list(grace.accessToken)).to.have.length(1);
  });

  it('shows a session of a release that stored less', async () => {
    const ada = await app.signIn();
    await rowsOf(ada.id).update({ user_agent: null, ip_address: null, secret: null, authenticated_at: null });

    const [session] = await list(ada.accessToken);

    expect(session).to.deep.include({
      client: { device: null, browser: null },
      ip_address: null,
      methods: ['password'],
    });
  });

  it('shows a session that another process began', async () => {
    const ada = await app.signIn();
    await elsewhere.login(ada);

    expect(await list(ada.accessToken)).to.have.length(2);
  });
});
