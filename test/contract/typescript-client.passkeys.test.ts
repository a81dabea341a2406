/** The TypeScript client with the passkeys of a browser. */
import { expect } from 'chai';
import type { CDPSession, Page } from 'playwright-core';
import type * as Package from '../../openapi/clients/typescript/index.ts';
import { useApp, type SignedIn } from '../support/app.ts';
import { site, useVisitors } from './client-site.ts';

declare const window: {
  readonly client: Package.Client;
  readonly reasonOf: (call: Promise<unknown>) => Promise<string>;
  /** Whether the browser offers passkeys in a form. */
  readonly isOffered?: boolean;
  /** Why it stopped to. */
  offer: Promise<string>;
};

const page = `<!doctype html><title>A page</title>
  <input name="email" autocomplete="username webauthn">
  <script type="module">
    import { createClient, PasskeyError } from '/index.js';
    const client = createClient({ baseUrl: '' });
    const reasonOf = (call) => call.then(
      () => 'none',
      (error) => (error instanceof PasskeyError ? error.reason : String(error)),
    );
    Object.assign(window, { client, reasonOf });
  </script>`;

describe('the TypeScript client with passkeys of a browser', () => {
  const app = useApp({ env: { WEBAUTHN_RP_ID: 'localhost', WEBAUTHN_ORIGINS: site } });
  const visitors = useVisitors(app, page);
  let tab: Page;
  let person: SignedIn;
  let devtools: CDPSession;
  let authenticatorId: string;

  before('open the page, in a browser with an authenticator', async () => {
    [tab] = (await visitors.openTabs(1)) as [Page];
    devtools = await tab.context().newCDPSession(tab);
    await devtools.send('WebAuthn.enable');
    const options = {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
    } as const;
    ({ authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', { options }));
  });

  beforeEach('begin again, with an authenticator that knows nobody and agrees to everything', async () => {
    await visitors.reload(tab);
    await devtools.send('WebAuthn.clearCredentials', { authenticatorId });
    await devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true });
    await devtools.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled: true });
  });

  async function signIn(): Promise<void> {
    person = await app.signIn();
    const { email, password } = person;
    await tab.evaluate((known) => window.client.signIn(known.email, known.password), { email, password });
  }

  const addPasskey = () => tab.evaluate(async () => (await window.client.addPasskey('Laptop')).passkey.name);
  const signOut = () => tab.evaluate(() => window.client.signOut());
  const email = () => tab.evaluate(async () => (await window.client.getCurrentUser()).email);

  it('adds one, and signs in with it without an address', async () => {
    await signIn();

    expect(await addPasskey()).to.equal('Laptop');
    await signOut();
    await tab.evaluate(() => window.client.signInWithPasskey());

    expect(await email()).to.equal(person.email);
  });

  it('answers a challenge with one', async () => {
    await signIn();
    await addPasskey();
    await signOut();

    await tab.evaluate(
      async ({ email, password }) => {
        const challenge = await window.client.signIn(email, password).then(
          () => undefined,
          (error: unknown) => (error as Package.ProblemError).challenge,
        );
        await window.client.answerChallenge(challenge!, { factor: 'passkey' });
      },
      { email: person.email, password: person.password },
    );

    expect(await email()).to.equal(person.email);
  });

  it('adds no second one of the same authenticator', async () => {
    await signIn();
    await addPasskey();

    const reason = await tab.evaluate(() => window.reasonOf(window.client.addPasskey()));

    expect(reason).to.equal('already_added');
    expect((await tab.evaluate(() => window.client.listPasskeys())).items).to.have.length(1);
  });

  it('says so when the person cancels, and stays as it was', async () => {
    await signIn();
    await devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });

    const reason = await tab.evaluate(() => window.reasonOf(window.client.addPasskey()));

    expect(reason).to.equal('cancelled');
    expect(await email()).to.equal(person.email);
    expect((await tab.evaluate(() => window.client.listPasskeys())).items).to.deep.equal([]);
  });

  it('says so when the browser has none', async () => {
    await tab.evaluate('delete window.PublicKeyCredential');

    const reason = await tab.evaluate(() => window.reasonOf(window.client.signInWithPasskey()));

    expect(reason).to.equal('unsupported');
  });

  it('proves once more with one who is signed in', async () => {
    await signIn();
    await addPasskey();

    await tab.evaluate(() => window.client.reauthenticateWithPasskey());

    expect(await email()).to.equal(person.email);
  });

  it('has the offer in a form give way to a request by a button', async () => {
    await tab.evaluate(`
      const get = CredentialsContainer.prototype.get;
      CredentialsContainer.prototype.get = function (options) {
        if (options.mediation === 'conditional') window.isOffered = true;
        return get.call(this, options);
      };`);
    await signIn();
    await addPasskey();
    await signOut();
    // A request that begins now waits for good.
    await devtools.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled: false });
    await tab.evaluate(() => {
      window.offer = window.reasonOf(window.client.signInWithPasskey({ autofill: true }));
    });
    await tab.waitForFunction(() => window.isOffered);

    await devtools.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled: true });
    await tab.evaluate(() => window.client.signInWithPasskey());

    expect(await tab.evaluate(() => window.offer)).to.equal('cancelled');
    expect(await email()).to.equal(person.email);
  });

  it('offers them in a form until it is left', async () => {
    const reason = await tab.evaluate(() => {
      const controller = new AbortController();
      const { signal } = controller;
      const waiting = window.reasonOf(window.client.signInWithPasskey({ autofill: true, signal }));
      controller.abort('the form was left');
      return waiting;
    });

    expect(reason).to.equal('the form was left');
  });
});
