import { expect } from 'chai';
import { useApp, useSecondApp } from '../../support/app.ts';
import { expectProblem } from '../../support/problems.ts';

describe('logout', () => {
  const app = useApp();
  const elsewhere = useSecondApp(app);
  const logout = (token: string) => app.send('post', '/auth/logout', { token });

  it('answers 204 without a body', async () => {
    const { accessToken } = await app.signIn();

    const { status, bytes } = await logout(accessToken);

    expect(status).to.equal(204);
    expect(bytes).to.have.length(0);
  });

  it('revokes the access token at once', async () => {
    const { accessToken } = await app.signIn();
    expect((await app.send('get', '/auth/me', { token: accessToken })).status).to.equal(200);

    await logout(accessToken);

    expectProblem(await app.send('get', '/auth/me', { token: accessToken }), 401, 'invalid_token');
  });

  it('revokes it on another process that has seen it work', async () => {
    const { accessToken } = await app.signIn();
    expect((await elsewhere.send('get', '/auth/me', { token: accessToken })).status).to.equal(200);

    await logout(accessToken);

    expectProblem(await elsewhere.send('get', '/auth/me', { token: accessToken }), 401, 'invalid_token');
  });

  it('revokes the refresh token', async () => {
    const { accessToken, refreshToken } = await app.signIn();

    await logout(accessToken);

    const answer = await app.send('post', '/auth/refresh', { json: { refresh_token: refreshToken } });
    expectProblem(answer, 401, 'invalid_refresh_token');
  });

  it('revokes every access token of the session, even from before a refresh', async () => {
    const { accessToken, refreshToken } = await app.signIn();
    const renewed = (await app.send('post', '/auth/refresh', { json: { refresh_token: refreshToken } })).body;

    await logout(renewed.access_token);

    expectProblem(await app.send('get', '/auth/me', { token: accessToken }), 401, 'invalid_token');
  });

  it("keeps the user's other sessions", async () => {
    const ada = await app.signIn();
    const other = (await app.login(ada)).body;

    await logout(ada.accessToken);

    expect((await app.send('get', '/auth/me', { token: other.access_token })).status).to.equal(200);
    const renewed = await app.send('post', '/auth/refresh', { json: { refresh_token: other.refresh_token } });
    expect(renewed.status).to.equal(200);
  });

  it('lets the user sign in again', async () => {
    const ada = await app.signIn();
    await logout(ada.accessToken);

    const { status } = await app.login(ada);

    expect(status).to.equal(200);
  });
});
