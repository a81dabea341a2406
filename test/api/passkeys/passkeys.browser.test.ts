/** Passkeys in Chromium, with its virtual authenticator. */
import { expect } from 'chai';
import type { CDPSession, Page } from 'playwright-core';
import { useApp, type SignedIn } from '../../support/app.ts';
import { useChromium } from '../../support/browser.ts';

// The test serves this site and forwards API requests, like a proxy in front of both.
const site = 'http://localhost:4173';

const html = `<!doctype html><title>A page</title><script>
  async function call(path, body, token) {
    const headers = { 'Content-Type': 'application/json', ...(token && { Authorization: 'Bearer ' + token }) };
    const response = await fetch('/api/v1' + path, { method: 'POST', headers, ...(body && { body: JSON.stringify(body) }) });
    return { status: response.status, body: await response.json() };
  }
  async function register(token) {
    const { body } = await call('/auth/passkeys/begin', undefined, token);
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(body.public_key);
    const credential = await navigator.credentials.create({ publicKey });
    return call('/auth/passkeys', { credential: credential.toJSON() }, token);
  }
  async function signIn() {
    const { body } = await call('/auth/passkeys/login/begin');
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(body.public_key);
    const credential = await navigator.credentials.get({ publicKey });
    return call('/auth/passkeys/login', { credential: credential.toJSON() });
  }
</script>`;

interface Reply {
  readonly status: number;
  readonly body: { readonly code?: string; readonly access_token: string; readonly passkey: { readonly id: string } };
}

describe('passkeys in a browser', () => {
  const app = useApp({ env: { PUBLIC_URL: site } });
  const browser = useChromium();
  let page: Page;
  let cdp: CDPSession;
  let authenticatorId: string;
  let ada: SignedIn;

  before('open a page with an authenticator', async () => {
    page = await browser.current.newPage();
    await page.route('**/*', async (route) => {
      const { pathname } = new URL(route.request().url());
      if (!pathname.startsWith('/api/')) return route.fulfill({ contentType: 'text/html', body: html });
      return route.fulfill({ response: await route.fetch({ url: app.origin + pathname }) });
    });
    cdp = await page.context().newCDPSession(page);
    await cdp.send('WebAuthn.enable');
    const options = {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
    } as const;
    ({ authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', { options }));
  });

  beforeEach('begin again, with an authenticator that knows nobody', async () => {
    await cdp.send('WebAuthn.clearCredentials', { authenticatorId });
    await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true });
    await page.goto(site);
    ada = await app.signIn();
  });

  const register = () => page.evaluate<Reply>(`register(${JSON.stringify(ada.accessToken)})`);
  const signIn = () => page.evaluate<Reply>('signIn()');

  it('are registered, and sign in without an address', async () => {
    expect((await register()).status).to.equal(201);

    const { status, body } = await signIn();

    expect(status).to.equal(200);
    expect((await app.send('get', '/auth/me', { token: body.access_token })).body).to.include({ id: ada.id });
  });

  it('are not registered twice, nor when somebody cancels', async () => {
    await register();
    expect(await register().catch(String)).to.match(/InvalidStateError/);

    await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });

    expect(await signIn().catch(String)).to.match(/NotAllowedError/);
  });

  it('do not sign in once they were removed', async () => {
    const { passkey } = (await register()).body;
    await app.send('delete', `/auth/passkeys/${passkey.id}`, { token: ada.accessToken });

    const { status, body } = await signIn();

    expect([status, body.code]).to.deep.equal([401, 'invalid_passkey']);
  });

  it('are not used on a page of another site', async () => {
    await register();

    // The browser asks another host's page for no passkey, and the server refuses that of another port.
    await page.goto('http://elsewhere.localhost:4173');
    expect(await signIn().catch(String)).to.match(/SecurityError/);
    await page.goto('http://localhost:4999');
    expect((await signIn()).body.code).to.equal('invalid_passkey');
  });

  it('are refused when an old copy of the authenticator uses them', async () => {
    await register();
    const { credentials } = await cdp.send('WebAuthn.getCredentials', { authenticatorId });
    const [copy] = credentials;
    await signIn();
    await signIn();
    await cdp.send('WebAuthn.clearCredentials', { authenticatorId });
    await cdp.send('WebAuthn.addCredential', { authenticatorId, credential: copy! });

    expect((await signIn()).body.code).to.equal('invalid_passkey');
  });
});
