import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { useApp, type SignedIn } from '../../support/app.ts';
import { makeCredential, type Claims } from '../../support/authenticator.ts';
import { eventsOf } from '../../support/events.ts';
import { deliverMails } from '../../support/mails.ts';
import { creationOptions, register, requestOptions } from '../../support/passkeys.ts';
import { brokenRules, expectProblem } from '../../support/problems.ts';

describe('registerPasskey', () => {
  const app = useApp({ env: { CORS_ORIGINS: 'https://app.latchkey.test,https://elsewhere.test' } });
  const send = (token: string, credential: unknown) =>
    app.send('post', '/auth/passkeys', { token, json: { credential } });
  const passkeysOf = async ({ accessToken: token }: SignedIn) => {
    const { body } = await app.send('get', '/auth/passkeys', { token });
    return (body as { items: Record<string, unknown>[] }).items;
  };

  it('registers what an authenticator made, and lists it', async () => {
    const ada = await app.signIn();

    const { credential, reply } = await register(app, ada, { name: '  Key ring ', isBackedUp: true });

    expect(reply.status).to.equal(201);
    expect(reply.body.passkey).to.deep.include({
      name: 'Key ring',
      credential_id: credential.id.toString('base64url'),
      transports: ['internal', 'hybrid'],
      is_synced: true,
      last_used_at: null,
    });
    expect(await passkeysOf(ada)).to.deep.equal([reply.body.passkey]);
  });

  it('asks for a passkey that needs no address, and verifies its user', async () => {
    const ada = await app.signIn();
    const { credential } = await register(app, ada);

    const options = await creationOptions(app, ada.accessToken);

    expect(options).to.deep.include({
      rp: { id: 'latchkey.test', name: 'Latchkey' },
      authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
      pubKeyCredParams: [-7, -257].map((alg) => ({ type: 'public-key', alg })),
      attestation: 'none',
    });
    expect(options.user).to.include({ name: ada.email, displayName: ada.fullName });
    expect(Buffer.from(options.user.id, 'base64url').toString('hex')).to.equal(ada.id.replaceAll('-', ''));
    expect(options.excludeCredentials.map(({ id }) => id)).to.deep.equal([credential.id.toString('base64url')]);
  });

  it('gives recovery codes with the first factor only', async () => {
    const ada = await app.signIn();

    const [first, second] = [await register(app, ada), await register(app, ada)];

    expect(first.reply.body.recovery_codes).to.have.length(10);
    expect(second.reply.body.recovery_codes).to.deep.equal([]);
  });

  it('names it by the browser and the device, if nobody does', async () => {
    const ada = await app.signIn();
    const agents = [
      'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
      'Mozilla/5.0',
    ];

    for (const agent of agents) {
      const { json } = makeCredential(await creationOptions(app, ada.accessToken));
      const headers = { 'User-Agent': agent };
      await app.send('post', '/auth/passkeys', { token: ada.accessToken, headers, json: { credential: json } });
    }

    const names = (await passkeysOf(ada)).map(({ name }) => name);
    expect(names).to.deep.equal(['Firefox 140 on Linux', 'Chrome 140 on Windows', 'Passkey']);
  });

  it('ends all other sessions, but not the one that registers it', async () => {
    const ada = await app.signIn();
    const other = await app.login(ada);

    await register(app, ada);

    const me = (token: string) => app.send('get', '/auth/me', { token });
    expect((await me(ada.accessToken)).status).to.equal(200);
    expectProblem(await me(other.body.access_token as string), 401, 'invalid_token');
  });

  it('is recorded and mailed', async () => {
    const ada = await app.signIn();

    const { reply } = await register(app, ada);

    const events = await eventsOf(app, ada.id);
    expect(events.at(-1)).to.deep.include({
      type: 'factor.added',
      outcome: 'success',
      actor_id: ada.id,
      details: { kind: 'passkey', factor_id: (reply.body as { passkey: { id: string } }).passkey.id },
    });
    const mails = (await deliverMails(app)).filter(({ to }) => to.includes(ada.email));
    expect(mails.map(({ name }) => name)).to.include('passkey_added');
  });

  it('accepts members that a newer browser adds', async () => {
    const ada = await app.signIn();
    const { json } = makeCredential(await creationOptions(app, ada.accessToken));
    const newer = { ...json, clientExtensionResults: { prf: {} }, authenticatorAttachment: null, level: 4 };

    const { status } = await send(ada.accessToken, { ...newer, response: { ...json.response, publicKey: null } });

    expect(status).to.equal(201);
  });

  it('accepts a page of another origin under the domain, if CORS_ORIGINS has it', async () => {
    const { reply } = await register(app, await app.signIn(), { origin: 'https://app.latchkey.test' });

    expect(reply.status).to.equal(201);
  });

  const refused: Record<string, [claims: Claims, rule: string]> = {
    'made on a page of another site': [{ origin: 'https://elsewhere.test' }, 'passkey_origin'],
    'made on a page without TLS': [{ origin: 'http://latchkey.test' }, 'passkey_origin'],
    'made on another port': [{ origin: 'https://latchkey.test:8443' }, 'passkey_origin'],
    "made in somebody else's frame": [{ crossOrigin: true }, 'passkey_origin'],
    "made in a frame of somebody else's page, which the browser names": [
      { crossOrigin: true, topOrigin: 'https://elsewhere.test' },
      'passkey_origin',
    ],
    'made for another domain': [{ rpId: 'elsewhere.test', origin: 'https://latchkey.test' }, 'passkey_origin'],
    'made without verifying the user': [{ isUserVerified: false }, 'passkey_unverified'],
    'made though nobody touched the authenticator': [{ isUserPresent: false }, 'passkey_broken'],
    'made for a challenge of nobody': [{ challenge: 'A'.repeat(43) }, 'passkey_challenge'],
    'that is the answer of a login': [{ type: 'webauthn.get' }, 'passkey_broken'],
  };
  for (const [what, [claims, rule]] of Object.entries(refused)) {
    it(`refuses one ${what}`, async () => {
      const ada = await app.signIn();

      const { reply } = await register(app, ada, claims);

      expect(brokenRules(reply)).to.deep.equal([`/body/credential ${rule}`]);
      expect(await passkeysOf(ada)).to.deep.equal([]);
    });
  }

  it('refuses what cannot be read', async () => {
    const { accessToken: token } = await app.signIn();
    const { json } = makeCredential(await creationOptions(app, token));
    const broken = [
      { ...json.response, clientDataJSON: 'bm8' },
      { ...json.response, clientDataJSON: 'bnVsbA' },
      { ...json.response, clientDataJSON: 'e30' },
      { ...json.response, attestationObject: 'AAAA' },
      { ...json.response, attestationObject: Buffer.alloc(9000, 0x81).toString('base64url') },
    ];

    for (const response of broken) {
      const { challenge } = await creationOptions(app, token);
      const { response: fresh } = makeCredential({ ...(await creationOptions(app, token)), challenge }).json;
      const isClientData = response.clientDataJSON !== json.response.clientDataJSON;
      const sent = isClientData ? response : { ...response, clientDataJSON: fresh.clientDataJSON };
      const reply = await send(token, { ...json, response: sent });
      expect(brokenRules(reply)).to.deep.equal(['/body/credential passkey_broken']);
    }
  });

  it('refuses a credential with something nested too deep to read, without failing', async () => {
    const { accessToken: token } = await app.signIn();
    const { json } = makeCredential(await creationOptions(app, token));
    const start = JSON.stringify({ credential: json }).slice(0, -2);
    const raw = `${start},"deep":${'['.repeat(40_000)}${']'.repeat(40_000)}}}`;

    const headers = { 'Content-Type': 'application/json' };
    const { status } = await app.send('post', '/auth/passkeys', { token, raw, headers });

    expect(status).to.equal(201);
  });

  it('refuses an answer that was sent before, also at the same time', async () => {
    const ada = await app.signIn();
    const { json } = makeCredential(await creationOptions(app, ada.accessToken));

    const replies = await Promise.all([1, 2, 3].map(() => send(ada.accessToken, json)));

    expect(replies.map(({ status }) => status).sort()).to.deep.equal([201, 400, 400]);
    expect(brokenRules(await send(ada.accessToken, json))).to.deep.equal(['/body/credential passkey_challenge']);
    expect(await passkeysOf(ada)).to.have.length(1);
  });

  it('refuses the answer to a challenge of somebody else, of a login, or of more than ten minutes ago', async () => {
    const [ada, eve] = [await app.signIn(), await app.signIn()];
    const options = await creationOptions(app, ada.accessToken);
    const ofEve = await creationOptions(app, eve.accessToken);
    const late = await creationOptions(app, ada.accessToken);
    const { challenge: ofLogin } = await requestOptions(app);
    const answers = [makeCredential(ofEve), makeCredential({ ...options, challenge: ofLogin }), makeCredential(late)];
    await app.context.database
      .pool('passkey_challenges')
      .where({ user_id: ada.id })
      .update({ expires_at: new Date(Date.now() - 1000) });

    for (const { json } of answers) {
      expect(brokenRules(await send(ada.accessToken, json))).to.deep.equal(['/body/credential passkey_challenge']);
    }
  });

  it('refuses one that is registered already, whoever has it', async () => {
    const [ada, eve] = [await app.signIn(), await app.signIn()];
    const first = makeCredential(await creationOptions(app, ada.accessToken)).json;
    await send(ada.accessToken, first);
    const second = makeCredential(await creationOptions(app, eve.accessToken)).json;

    const { attestationObject } = first.response;
    const copied = { ...first, response: { ...second.response, attestationObject } };

    expect(brokenRules(await send(eve.accessToken, copied))).to.deep.equal(['/body/credential passkey_registered']);
    expect(await passkeysOf(eve)).to.deep.equal([]);
  });

  it('refuses the eleventh, however many are registered at once', async () => {
    const ada = await app.signIn();
    for (let count = 0; count < 9; count += 1) await register(app, ada);
    const answers = [];
    for (let count = 0; count < 3; count += 1) {
      answers.push(makeCredential(await creationOptions(app, ada.accessToken)).json);
    }

    const replies = await Promise.all(answers.map((json) => send(ada.accessToken, json)));

    expect(replies.map(({ status }) => status).sort()).to.deep.equal([201, 409, 409]);
    const begun = await app.send('post', '/auth/passkeys/begin', { token: ada.accessToken });
    expectProblem(begun, 409, 'too_many_factors');
  });

  it('deletes challenges that nobody answered in time', async () => {
    const ada = await app.signIn();
    await creationOptions(app, ada.accessToken);
    const { pool } = app.context.database;
    const own = () => pool('passkey_challenges').where({ user_id: ada.id });
    await own().update({ expires_at: new Date(Date.now() - 1000) });
    await pool('passkey_challenges').insert({
      challenge_hash: Buffer.from(randomUUID()),
      purpose: 'registration',
      user_id: ada.id,
      expires_at: new Date(Date.now() + 60_000),
    });

    const [expiry] = app.context.features.passkeys.expiry;
    await expiry!.deleteSome(pool, 100);

    expect(await own()).to.have.length(1);
  });
});
