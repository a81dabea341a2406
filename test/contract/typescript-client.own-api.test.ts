/** The TypeScript client, calling the user's own API. */
import { expect } from 'chai';
import { useApp } from '../support/app.ts';
import { failure, useConsumer } from './client-consumer.ts';
import { useApi } from './own-api.ts';

describe("the TypeScript client, calling the user's own API", () => {
  const app = useApp();
  const consumer = useConsumer(app);
  const { connect, signedIn } = consumer;

  const api = useApi();

  it('adds the access token and leaves the rest of the request unchanged', async () => {
    const { client: latchkey, tokens } = await signedIn({ apiOrigins: [api.origin] });

    const init = { method: 'POST', body: 'six pencils', headers: { 'X-Shop': 'north' } };
    const response = await latchkey.fetch(`${api.origin}/orders?all=1`, init);

    expect(response.status).to.equal(200);
    expect(api.seen).to.deep.equal([
      {
        path: 'POST /orders?all=1',
        authorization: `Bearer ${(await tokens.get())!.accessToken}`,
        shop: 'north',
        body: 'six pencils',
      },
    ]);
  });

  it('refreshes the token once when it is refused, and resends the whole request', async () => {
    const { client: latchkey, sent, tokens } = await signedIn({ apiOrigins: [api.origin] });
    api.answers.push(401, 200);

    const response = await latchkey.fetch(`${api.origin}/orders`, { method: 'POST', body: 'six pencils' });

    expect(response.status).to.equal(200);
    expect(sent.filter((line) => line.includes('refresh'))).to.have.length(1);
    expect(api.seen.map(({ body }) => body)).to.deep.equal(['six pencils', 'six pencils']);
    expect(api.seen[1]!.authorization).to.equal(`Bearer ${(await tokens.get())!.accessToken}`);
  });

  it('returns the 401 when the new token is refused too', async () => {
    const { client: latchkey } = await signedIn({ apiOrigins: [api.origin] });
    api.answers.push(401, 401, 200);

    const response = await latchkey.fetch(`${api.origin}/orders`);

    expect(response.status).to.equal(401);
    expect(api.seen).to.have.length(2);
  });

  it('refuses other origins, and drops the token on a redirect', async () => {
    const { client: latchkey } = await signedIn({ apiOrigins: [api.origin] });
    const elsewhere = api.origin.replace('127.0.0.1', 'localhost');

    const refused = await failure(latchkey.fetch(`${elsewhere}/orders`));
    const redirected = await latchkey.fetch(`${api.origin}/redirect?to=${encodeURIComponent(`${elsewhere}/orders`)}`);

    expect(String(refused)).to.include(`is not sent to ${elsewhere}`);
    expect(redirected.status).to.equal(200);
    expect(api.seen.map(({ authorization }) => authorization !== undefined)).to.deep.equal([true, false]);
  });

  it('sends no token when nobody is signed in', async () => {
    const { client: latchkey } = connect({ apiOrigins: [api.origin] });

    await latchkey.fetch(`${api.origin}/orders`);

    expect(api.seen.map(({ authorization }) => authorization)).to.deep.equal([undefined]);
  });

  it('returns a valid access token, refreshed if it is about to expire, or undefined when nobody is signed in', async () => {
    const { client: latchkey, sent, change } = await signedIn();
    await change({ refreshAt: 0 });

    const tokens = await Promise.all([latchkey.getAccessToken(), latchkey.getAccessToken()]);

    expect(sent).to.deep.equal(['POST /auth/refresh']);
    expect(tokens[0]).to.equal(tokens[1]);
    expect((await app.send('get', '/auth/me', { token: tokens[0] })).status).to.equal(200);
    expect(await connect().client.getAccessToken()).to.equal(undefined);
  });
});
