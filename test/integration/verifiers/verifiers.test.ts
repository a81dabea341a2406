/** The examples of openapi/verifiers/ verify the access tokens of a live server. */
import { expect } from 'chai';
import { constants, createHmac, sign, type KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { parseSigningKeys } from '../../../src/platform/signing-keys.ts';
import { useApp, type SignedIn } from '../../support/app.ts';
import { aKey, onlyKey } from '../../support/signing-keys.ts';
import { install, languages, type RunningProgram } from './programs.ts';

const issuer = 'https://accounts.example.com';
const audience = 'notes';
const text = aKey() + aKey(new Date(Date.now() + 3_600_000), 'RS256');
const [signing, waiting] = parseSigningKeys(text);
const another = onlyKey(aKey());
if (!signing || !waiting) throw new Error('two keys were made');

type Sign = (data: string) => Buffer;
const es256 =
  (key: KeyObject): Sign =>
  (data) =>
    sign('sha256', Buffer.from(data), { key, dsaEncoding: 'ieee-p1363' });
const rs256 =
  (key: KeyObject): Sign =>
  (data) =>
    sign('sha256', Buffer.from(data), { key, padding: constants.RSA_PKCS1_PADDING });
const hs256 =
  (secret: string | Buffer): Sign =>
  (data) =>
    createHmac('sha256', secret).update(data).digest();

const header = { alg: 'ES256', typ: 'at+jwt', kid: signing.id };

describe('the examples of other services', function () {
  this.timeout(300_000);
  let askedForKeys = 0;
  const app = useApp({
    env: { JWT_SIGNING_KEYS: text, JWT_ISSUER: issuer, JWT_AUDIENCE: audience },
    alter: (context) => {
      const { getJwks } = context.handlers;
      const counted: typeof getJwks = (request) => {
        askedForKeys++;
        return getJwks(request);
      };
      return { ...context, handlers: { ...context.handlers, getJwks: counted } };
    },
  });

  for (const language of Object.keys(languages)) describeExample(language);

  function describeExample(language: string): void {
    describe(`in ${language}`, () => {
      let start: (variables: Record<string, string>) => Promise<RunningProgram>;
      let program: RunningProgram | undefined;
      let person: SignedIn;
      let claims: Record<string, unknown>;

      before('install and start it', async function () {
        const found = await install(language);
        if (typeof found === 'string') {
          process.stdout.write(`  skipped the verifier in ${language}: ${found}\n`);
          return this.skip();
        }
        start = found;
        program = await start({ LATCHKEY_URL: app.origin, JWT_ISSUER: issuer, JWT_AUDIENCE: audience });
        person = await app.signIn();
        claims = jwt.decode(person.accessToken) as Record<string, unknown>;
      });
      after('stop it', () => program?.stop());

      const ask = async (token?: string, path = '/', origin = program!.origin) => {
        const answer = await fetch(origin + path, {
          headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
        });
        const body = (await answer.json()) as Record<string, string>;
        return { status: answer.status, challenge: answer.headers.get('www-authenticate'), body };
      };

      function forge(head: object, signature: Sign, changes: object = {}): string {
        const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
        const data = `${encode(head)}.${encode({ ...claims, ...changes })}`;
        return `${data}.${signature(data).toString('base64url')}`;
      }

      it('accepts access tokens signed by the current key or the next one', async () => {
        const { status, body } = await ask(person.accessToken);
        const ofWaiting = forge({ alg: 'RS256', typ: 'at+jwt', kid: waiting!.id }, rs256(waiting!.key));

        expect([status, body]).to.deep.equal([200, { user_id: person.id, session_id: claims['sid'] }]);
        expect((await ask(ofWaiting)).status).to.equal(200);
        expect((await ask(forge(header, es256(signing!.key)))).status).to.equal(200);
      });

      it('refuses everything else', async () => {
        const now = Math.floor(Date.now() / 1000);
        const pem = signing!.verifyingKey.export({ type: 'spki', format: 'pem' });
        const own = es256(signing!.key);
        const bad: Record<string, string> = {
          'no token at all': 'token',
          'the signature of somebody else': forge(header, es256(another.key)),
          'no signature': forge({ ...header, alg: 'none' }, () => Buffer.alloc(0)),
          'HS256 with the public key as secret': forge({ ...header, alg: 'HS256' }, hs256(pem)),
          "an algorithm that is not the key's": forge({ ...header, kid: waiting!.id }, own),
          'another issuer': forge(header, own, { iss: 'https://elsewhere.example' }),
          'another audience': forge(header, own, { aud: 'another' }),
          'the type of any JWT': forge({ ...header, typ: 'JWT' }, own),
          'no type': forge({ ...header, typ: undefined }, own),
          'a time that is over': forge(header, own, { exp: now - 30 }),
          'no end': forge(header, own, { exp: undefined }),
          'no session': forge(header, own, { sid: undefined }),
          'a time to come': forge(header, own, { nbf: now + 3600 }),
        };

        const answers = await Promise.all(
          Object.entries(bad).map(async ([what, token]) => {
            const { status, challenge } = await ask(token);
            return [what, status, challenge];
          }),
        );
        const refused = Object.keys(bad).map((what) => [what, 401, 'Bearer error="invalid_token"']);
        expect(answers).to.deep.equal(refused);
        expect(await ask()).to.include({ status: 401, challenge: 'Bearer' });
      });

      it('caches the keys, and fetches them again only now and then, however many unknown keys are named', async () => {
        const before = askedForKeys;

        for (let count = 0; count < 20; count++) {
          const { status } = await ask(forge({ ...header, kid: `unknown-${count}` }, es256(another.key)));
          expect(status).to.equal(401);
        }
        for (let count = 0; count < 20; count++) await ask(person.accessToken);

        expect(askedForKeys - before).to.be.at.most(2);
      });

      it('accepts an ended session until its token expires, except where it asks Latchkey', async () => {
        expect((await ask(person.accessToken, '/sensitive')).body).to.deep.equal({ user_id: person.id, role: 'user' });
        await app.send('post', '/auth/logout', { token: person.accessToken });

        expect((await ask(person.accessToken)).status).to.equal(200);
        expect((await ask(person.accessToken, '/sensitive')).status).to.equal(401);
      });

      it("doesn't blame the token while Latchkey can't be reached", async () => {
        const away = await start({ LATCHKEY_URL: 'http://127.0.0.1:9', JWT_ISSUER: issuer, JWT_AUDIENCE: audience });
        try {
          expect((await ask(person.accessToken, '/', away.origin)).status).to.equal(503);
        } finally {
          away.stop();
        }
      });
    });
  }
});
