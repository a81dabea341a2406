import { createSecretKey } from 'node:crypto';
import { expect } from 'chai';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Secrets } from '../../../src/platform/config/secrets.ts';
import { checkSecrets } from '../../../src/doctor/secrets.ts';
import { checkSigningKeys } from '../../../src/doctor/signing-keys.ts';
import { parseSigningKeys } from '../../../src/platform/signing-keys.ts';
import { aKeyFile } from '../../support/signing-keys.ts';
import { table } from './findings-table.ts';

describe('doctor, of secrets', () => {
  describe('signing keys', () => {
    const time = Date.parse('2026-01-31T08:00:00Z');
    const at = (minutes: number) => new Date(time + minutes * 60_000);
    const url = 'https://accounts.example.com';
    const check = (text: string, file?: string, issuer = url) =>
      checkSigningKeys({ keys: parseSigningKeys(text), file, issuer, accessTtlSeconds: 900 }, time);
    let directory: string;
    before(async () => (directory = await mkdtemp(path.join(tmpdir(), 'latchkey-keys-'))));
    after(() => rm(directory, { recursive: true }));

    table([
      ['none', check('')[0], 'ok signing keys', /^a secret signs .*no other service can verify/],
      ['one', check(aKeyFile(undefined))[0], 'ok signing keys', /signs access tokens \(ES256\)$/],
      [
        'one that waits',
        check(aKeyFile(at(5)))[0],
        'ok signing keys',
        /^a secret signs.*follows at 2026-01-31T08:05:00/,
      ],
      ['a rotation', check(aKeyFile(at(-60), at(-5)))[0], 'ok signing keys', /signs access tokens/],
      [
        'one that is used no more',
        check(aKeyFile(at(-60), at(-20)))[0],
        'warn signing keys',
        /^no token signed by .* is still valid/,
      ],
    ]);

    for (const issuer of ['latchkey', 'http://accounts.example.com', `${url}/?tenant=1`, `${url}#a`]) {
      it(`warns that libraries refuse metadata whose issuer is ${issuer}`, () => {
        const [, found, ...others] = check(aKeyFile(undefined), undefined, issuer);

        expect(others).to.deep.equal([]);
        expect(found).to.include({ check: 'signing keys', result: 'warn' });
        expect(found?.reason).to.include(`JWT_ISSUER is ${issuer}, not an https URL`);
      });
    }

    it('says nothing about the issuer if it is an https URL, or if no keys are published', () => {
      for (const issuer of [url, `${url}/tenant`]) {
        expect(check(aKeyFile(undefined), undefined, issuer), issuer).to.have.length(1);
      }
      expect(check('', undefined, 'latchkey')).to.have.length(1);
    });

    it('warns about a file that everybody can read', async () => {
      const file = path.join(directory, 'keys.pem');
      for (const [mode, warnings] of [
        [0o600, 0],
        [0o640, 0],
        [0o644, 1],
      ] as const) {
        await writeFile(file, '');
        await chmod(file, mode);

        const found = check(aKeyFile(undefined), file).filter(({ result }) => result === 'warn');
        expect(found, mode.toString(8)).to.have.length(warnings);
      }
    });
  });

  describe('secrets', () => {
    const made = 'postgres://latchkey:4f1d0c6b7a@db.example.com/latchkey';
    const aSecretKey = createSecretKey(Buffer.alloc(32, 1));
    const all = (changes: Partial<Secrets>) =>
      checkSecrets({
        databaseUrl: undefined,
        jwtSecrets: [],
        signingKeys: [],
        factorKeys: [],
        adminPassword: undefined,
        redisUrl: undefined,
        smtpUrl: undefined,
        sentryDsn: undefined,
        tracingHeaders: {},
        ...changes,
      });
    const check = (changes: Partial<Secrets>) => all(changes)[0];
    const ofSeeds = (changes: Partial<Secrets>) => all({ jwtSecrets: ['a'], ...changes })[1];
    table([
      ['one', check({ jwtSecrets: ['a'] }), 'ok secrets', /one secret/],
      ['a rotation', check({ jwtSecrets: ['a', 'b'] }), 'ok secrets', /first secret signs, both verify/],
      ['a repeated secret', check({ jwtSecrets: ['a', 'a'] }), 'warn secrets', /twice/],
      ['many', check({ jwtSecrets: ['a', 'b', 'c'] }), 'warn secrets', /^3 secrets/],
      ['seeds under a key of their own', ofSeeds({ factorKeys: [aSecretKey] }), 'ok secrets', /key of their own/],
      ['seeds under a derived key', ofSeeds({}), 'warn secrets', /depend on JWT_SECRETS/],
      ['a generated password', check({ databaseUrl: made }), 'ok secrets', /DATABASE_URL/],
      ['no password', check({ databaseUrl: 'postgres://ada@db/x' }), 'warn secrets', /missing or guessable/],
      ['a common password', check({ databaseUrl: 'postgres://ada:Postgres@db/x' }), 'warn secrets', /guessable/],
      ["the role's name as password", check({ databaseUrl: 'postgres://ada:ada@db/x' }), 'warn secrets', /guessable/],
      [
        'a common password as a parameter',
        check({ databaseUrl: 'postgres://db/x?user=u&password=test' }),
        'warn secrets',
        /guessable/,
      ],
      ['a stray percent sign', check({ databaseUrl: 'postgres://ada:%zz@db/x' }), 'ok secrets', /not a common one/],
      ["an administrator's", check({ adminPassword: 'p' }), 'warn secrets', /ADMIN_PASSWORD/],
    ]);
  });
});
