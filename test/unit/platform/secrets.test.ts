import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadConfig } from '../../../src/platform/config/config.ts';
import { ConfigurationError } from '../../../src/platform/config/env.ts';
import { percentEncoding } from '../../../src/platform/config/url-credentials.ts';
import { aKey, aKeyFile, unsupportedKeys } from '../../support/signing-keys.ts';

const secret = 'Vf3kP0zQmXw7RyT2LbNc9HsJd5GaEu81';
const other = 'mH6tZ1sWqYv4NxB8KcRj0LpDf3GaEo29';
const url = 'postgres://latchkey:hunter2@db:5432/latchkey';
const remedy = 'generate one with: openssl rand -base64 48';

const admin = { ADMIN_EMAIL: 'a@example.com', ADMIN_PASSWORD: 'seven kites' };

type Variables = Record<string, string>;

describe('secrets', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'latchkey-secrets-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  const variables = (changes: Variables = {}): Variables => {
    const usual: Variables = { NODE_ENV: 'test', DATA_DIR: directory, DATABASE_URL: url, JWT_SECRETS: secret };
    const wanted = Object.entries({ ...usual, ...changes }).filter(([, value]) => value !== 'missing');
    return Object.fromEntries(wanted);
  };
  const load = (changes: Variables = {}) => loadConfig(variables(changes)).secrets;
  const problems = (changes: Variables): readonly string[] => {
    try {
      load(changes);
    } catch (error) {
      if (error instanceof ConfigurationError) return error.problems;
      throw error;
    }
    return [];
  };
  const file = async (content: string) => {
    const name = path.join(directory, 'secret');
    await writeFile(name, content);
    return name;
  };

  it('are kept apart from what may be logged', () => {
    const { config, secrets } = loadConfig(variables(admin));

    expect(secrets).to.deep.equal({
      databaseUrl: url,
      jwtSecrets: [secret],
      signingKeys: [],
      factorKeys: [],
      adminPassword: 'seven kites',
      redisUrl: undefined,
      smtpUrl: undefined,
      sentryDsn: undefined,
      tracingHeaders: {},
    });
    for (const value of ['hunter2', secret, 'seven kites']) expect(JSON.stringify(config)).not.to.include(value);
  });

  it('allow several signing secrets, the newest first', () => {
    expect(load({ JWT_SECRETS: `${other} , ${secret},` }).jwtSecrets).to.deep.equal([other, secret]);
  });

  it('allow several keys for the seeds of authenticator apps, the newest first', () => {
    const [newest, old] = [randomBytes(32), randomBytes(32)];
    const { factorKeys } = load({ FACTOR_KEYS: [newest, old].map((key) => key.toString('base64')).join(' , ') });
    expect(factorKeys.map((key) => key.export())).to.deep.equal([newest, old]);
  });

  for (const [what, value] of [
    ['of another length', randomBytes(31).toString('base64')],
    ['in another alphabet', 'not base64, but as long as'.padEnd(44, '!')],
    ['in hexadecimal', randomBytes(32).toString('hex')],
  ] as const) {
    it(`refuse a key for seeds that is ${what}, without showing it`, () => {
      const lines = problems({ FACTOR_KEYS: value });
      expect(lines[0]).to.match(
        /^FACTOR_KEYS is not 32 bytes in base64.*; generate one with: openssl rand -base64 32$/,
      );
      expect(lines.join()).not.to.include(value);
    });
  }

  for (const [name, value] of [
    ['DATABASE_URL', url],
    ['JWT_SECRETS', secret],
    ['ADMIN_PASSWORD', 'seven kites'],
    ['REDIS_URL', 'rediss://:hunter2@cache:6379'],
    ['SMTP_URL', 'smtps://accounts:hunter2@mail.example.com'],
    ['SENTRY_DSN', 'https://key@sentry.example.com/1'],
  ] as const) {
    it(`read the file of ${name}_FILE without its trailing newline`, async () => {
      const secrets = load({
        ...admin,
        [name]: 'missing',
        [`${name}_FILE`]: await file(`${value}\n`),
      });

      expect(Object.values(secrets).flat()).to.include(value);
    });

    it(`reject ${name} together with ${name}_FILE`, async () => {
      const found = problems({ ...admin, [name]: value, [`${name}_FILE`]: await file(value) });

      expect(found).to.deep.equal([`${name} and ${name}_FILE are both set; set one of them`]);
    });
  }

  it("hold the collector's key, from a variable or a file", async () => {
    const headers = 'x-key=a%20key';

    expect(load({ OTEL_EXPORTER_OTLP_HEADERS: headers }).tracingHeaders).to.deep.equal({ 'x-key': 'a key' });
    const fromFile = load({ OTEL_EXPORTER_OTLP_HEADERS_FILE: await file(headers) });
    expect(fromFile.tracingHeaders).to.deep.equal({ 'x-key': 'a key' });
  });

  for (const dsn of ['https://sentry.example.com/1', 'https://key@sentry.example.com', 'key@sentry.example.com/1']) {
    it(`reject the DSN ${dsn} without printing it`, () => {
      expect(problems({ SENTRY_DSN: dsn })).to.deep.equal([
        'SENTRY_DSN is not a DSN; copy it from the project, such as https://key@sentry.example.com/1',
      ]);
    });
  }

  it('reject a missing file', () => {
    const found = problems({ DATABASE_URL: 'missing', DATABASE_URL_FILE: path.join(directory, 'nothing') });

    expect(found).to.deep.equal([
      'DATABASE_URL_FILE names a file that cannot be read (ENOENT); check the path and its permissions',
    ]);
  });

  it('reject an empty file', async () => {
    const found = problems({ DATABASE_URL: 'missing', DATABASE_URL_FILE: await file(' \n') });

    expect(found).to.deep.equal(['DATABASE_URL_FILE names an empty file; write the value into it']);
  });

  it("reject a DATABASE_URL that isn't PostgreSQL's", () => {
    for (const wrong of ['mysql://user:hunter2@db/x', 'hunter2', 'postgres://user:hunter2@db:port/x']) {
      expect(problems({ DATABASE_URL: wrong })).to.deep.equal([
        'DATABASE_URL is not a postgres:// URL; give a URL such as postgres://user:password@host:5432/latchkey',
      ]);
    }
  });

  it("reject a Redis password that can't be decoded", () => {
    expect(problems({ REDIS_URL: 'redis://default:50%off@cache:6379' })).to.deep.equal([
      `REDIS_URL contains a % that encodes nothing; ${percentEncoding}`,
    ]);
    for (const password of ['12#34', 'a/b', '?a']) {
      expect(problems({ REDIS_URL: `redis://default:${password}@cache:6379` })).to.deep.equal([
        `REDIS_URL contains a special character that ends the user or the password; ${percentEncoding}`,
      ]);
    }
  });

  it("keep the spaces of an administrator's password, but not a file's trailing newline", async () => {
    const password = ' seven kites ';

    expect(load({ ...admin, ADMIN_PASSWORD: password }).adminPassword).to.equal(password);
    for (const [content, kept] of [
      [password, password],
      [`${password}\n`, password],
      [`${password}\r\n`, password],
      [`${password}\n\n`, `${password}\n`],
      [`\uFEFF${password}\n`, password],
    ] as const) {
      const fromFile = { ...admin, ADMIN_PASSWORD: 'missing', ADMIN_PASSWORD_FILE: await file(content) };
      expect(load(fromFile).adminPassword, JSON.stringify(content)).to.equal(kept);
    }
  });

  it("reject a file that isn't UTF-8", async () => {
    const name = await file('');
    await writeFile(name, Buffer.from('\uFEFFviolet lantern', 'utf16le'));

    expect(problems({ ...admin, ADMIN_PASSWORD: 'missing', ADMIN_PASSWORD_FILE: name })).to.deep.equal([
      'ADMIN_PASSWORD_FILE names a file that cannot be read (it is not UTF-8); save it as UTF-8',
    ]);
  });

  it('reject short signing secrets, by number when there are several', () => {
    expect(problems({ JWT_SECRETS: secret.slice(1) })).to.deep.equal([
      `JWT_SECRETS has fewer than 32 characters; ${remedy}`,
    ]);
    expect(problems({ JWT_SECRETS: `${secret},short` })).to.deep.equal([
      `JWT_SECRETS has fewer than 32 characters (number 2); ${remedy}`,
    ]);
  });

  const guessable = [
    'abcdefghijklmnopqrstuvwxyz0123456789',
    '9876543210zyxwvutsrqponmlkjihgfedcba',
    'Qwertyuiop-Vf3kP0zQmXw7RyT2LbNc9HsJd',
    'Vf3kP0zQmXw7RyT2Vf3kP0zQmXw7RyT2',
    'change-me-change-me-change-me-0123456789',
    'this is the EXAMPLE of the documentation 0123',
    'replace this by a secret of yours: 0123456789',
    'your-secret-0123456789-abcdefghijklmnop',
    'your-256-bit-secret-0123-abcdefghijkl-XYZ',
    'password0123456789abcdefghijklmnopqrst',
    'latchkey0123456789abcdefghijklmnopqrst',
    'a'.repeat(64),
    '01234567890'.repeat(4),
  ];
  for (const weak of guessable) {
    it(`reject weak signing secrets in production, such as "${weak.slice(0, 12)}…"`, () => {
      const production = { NODE_ENV: 'production', PUBLIC_URL: 'https://accounts.example.com', SMTP_URL: 'off' };

      expect(problems({ ...production, JWT_SECRETS: `${secret},${weak}` })).to.deep.equal([
        `JWT_SECRETS is guessable (number 2); ${remedy}`,
      ]);
      expect(problems({ JWT_SECRETS: weak }), 'outside production').to.deep.equal([]);
    });
  }

  it('need both the address and the password of the first admin', () => {
    const expected = ['ADMIN_EMAIL and ADMIN_PASSWORD go together; set both or neither'];

    expect(problems({ ADMIN_EMAIL: 'a@example.com' })).to.deep.equal(expected);
    expect(problems({ ADMIN_PASSWORD: 'hunter2' })).to.deep.equal(expected);
  });

  it('never appear in error messages', async () => {
    const words = ['hunter2', 'tooshort', 'admin-word'];
    const lines = problems({
      NODE_ENV: 'production',
      DATABASE_URL: 'mysql://user:hunter2@db/x',
      SMTP_URL: 'smtp://user:hunter2@mail/x',
      JWT_SECRETS: 'tooshort,password-tooshort-password-tooshort',
      JWT_SECRETS_FILE: await file('tooshort'),
      ADMIN_PASSWORD: 'admin-word',
    });

    expect(lines).to.have.length.above(3);
    for (const word of words) expect(lines.join('\n')).not.to.include(word);
  });

  describe('for signing in development', () => {
    it('are generated once per directory, readable by the owner only', async () => {
      const kept = path.join(directory, 'deep', 'data');
      const inKept = { DATA_DIR: kept, JWT_SECRETS: 'missing' };

      const [first, again] = [load(inKept).jwtSecrets, load(inKept).jwtSecrets];
      const elsewhere = load({ JWT_SECRETS: 'missing' }).jwtSecrets;

      expect(first).to.have.length(1);
      expect(first[0]).to.have.length.of.at.least(32);
      expect(again).to.deep.equal(first);
      expect(elsewhere).not.to.deep.equal(first);
      expect((await stat(path.join(kept, 'jwt-secret'))).mode & 0o777).to.equal(0o600);
      expect((await stat(kept)).mode & 0o777).to.equal(0o711);
    });

    it('are regenerated when a full disk cut one short', async () => {
      await writeFile(path.join(directory, 'jwt-secret'), '');

      expect(problems({ JWT_SECRETS: 'missing' })).to.deep.equal([
        'DATA_DIR contains a jwt-secret that is too short; remove that file, and a new one is created',
      ]);
    });

    it("fail where they can't be stored", async () => {
      const blocked = path.join(await file('no folder'), 'data');

      expect(problems({ DATA_DIR: blocked, JWT_SECRETS: 'missing' })).to.deep.equal([
        "DATA_DIR can't be written to (ENOTDIR); set one that this user can write to, on a disk with free space",
      ]);
    });

    it("aren't generated when one is given", async () => {
      load();

      expect(await readdir(directory)).to.deep.equal([]);
    });

    it('come with a signing key, which is kept too', async () => {
      const [first, again] = [load({ JWT_SECRETS: 'missing' }), load({ JWT_SECRETS: 'missing' })];

      expect(first.signingKeys.map(({ algorithm }) => algorithm)).to.deep.equal(['ES256']);
      expect(again.signingKeys[0]!.id).to.equal(first.signingKeys[0]!.id);
      expect((await stat(path.join(directory, 'signing-keys.pem'))).mode & 0o777).to.equal(0o600);
    });

    it('come without one where one is given', async () => {
      const { signingKeys } = load({ JWT_SECRETS: 'missing', JWT_SIGNING_KEYS: aKey(undefined, 'RS256') });

      expect(signingKeys.map(({ algorithm }) => algorithm)).to.deep.equal(['RS256']);
      expect(await readdir(directory)).to.deep.equal(['jwt-secret']);
    });

    it('are refused when the kept signing key was damaged', async () => {
      await writeFile(path.join(directory, 'signing-keys.pem'), aKey().slice(0, 60));

      expect(problems({ JWT_SECRETS: 'missing' })).to.deep.equal([
        'DATA_DIR contains a signing-keys.pem that is not PEM, or was cut short; ' +
          'give each private key as it is in its file, line breaks included, or remove that file',
      ]);
    });
  });

  describe('for signing access tokens', () => {
    it('are read from a file', async () => {
      const text = aKeyFile(undefined, new Date('2026-01-31T08:00:00Z'));

      const { signingKeys } = load({ JWT_SIGNING_KEYS_FILE: await file(text) });

      expect(signingKeys.map(({ signsFrom }) => signsFrom)).to.deep.equal([
        -Infinity,
        Date.parse('2026-01-31T08:00:00Z'),
      ]);
    });

    it('stop the start if one is not supported, and are not shown', () => {
      const text = unsupportedKeys['an Ed25519 key']();
      const lines = problems({ JWT_SIGNING_KEYS: text });

      expect(lines).to.have.length(1);
      expect(lines[0]).to.match(
        /^JWT_SIGNING_KEYS has a key of type ed25519 \(key number 1\); use an EC P-256 or an RSA key/,
      );
      expect(lines[0]).not.to.include(text.split('\n')[1]);
    });
  });
});
