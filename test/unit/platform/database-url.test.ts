import { expect } from 'chai';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readConfig } from '../../../src/platform/config/config.ts';
import { percentEncoding } from '../../../src/platform/config/url-credentials.ts';

const secret = 'Vf3kP0zQmXw7RyT2LbNc9HsJd5GaEu81';
const read = (url: string, variables: Record<string, string> = {}) =>
  readConfig({ JWT_SECRETS: secret, DATABASE_URL: url, ...variables });

describe('DATABASE_URL', () => {
  for (const url of [
    'postgres://u:p@db/latchkey',
    'postgresql://db',
    'postgres:///latchkey?host=/var/run/postgresql',
    'postgres://u:p@%2Fvar%2Frun%2Fpostgresql/latchkey',
    'postgres://u:p@[::1]:5432/latchkey?sslmode=disable',
    'postgres://u:a@b@db/latchkey',
    'postgres://u:50%25@db/latchkey',
    'postgres://u:a b:c[d]\\e@db/latchkey',
    'postgres://db/latchkey?user=ada%40team&password=x%23y',
  ]) {
    it(`accepts ${url}`, () => {
      expect(read(url)).to.deep.include({ problems: [], warnings: [] });
      expect(read(url).secrets.databaseUrl).to.equal(url);
    });
  }

  it('accepts a socket with a user, as Cloud SQL writes it', () => {
    const { problems, secrets } = read('postgres://u:p@/latchkey?host=/cloudsql/project:region:instance');

    expect(problems).to.deep.equal([]);
    expect(secrets.databaseUrl).to.equal('postgres://u:p@localhost/latchkey?host=/cloudsql/project:region:instance');
  });

  for (const password of [
    'hun#ter2',
    '12#34',
    'hun/ter2',
    '12/34',
    'hun?ter2',
    '12?34',
    'hunter2#',
    '/hun@ter2',
    'hunter2%ff',
  ]) {
    it(`rejects the password ${password} without printing it`, () => {
      const { problems } = read(`postgres://latchkey:${password}@db:5432/latchkey`);

      expect(problems).to.have.length(1);
      expect(problems[0])
        .to.match(/^DATABASE_URL contains a /)
        .and.include(percentEncoding)
        .and.not.include('ter2');
    });
  }

  const missing = path.join(import.meta.dirname, 'missing.pem');
  const several =
    'names several hosts, but the driver supports one; name the primary, or a DNS name or proxy that follows it';
  for (const [url, problem] of [
    ['postgres://u:p@db1,db2/latchkey', several],
    ['postgres://u:p@db1:5432,db2:5432/latchkey', several],
    ['postgres://db1,db2/latchkey', several],
    ['postgres://u:p@/latchkey?host=db1,db2', several],
    [
      `postgres://u:p@db/latchkey?sslrootcert=${missing}`,
      `names ${missing}, which can't be read (ENOENT); check sslrootcert, sslcert and sslkey; ` +
        'without sslrootcert, the authorities that Node.js trusts are used',
    ],
    [
      'postgres://u:p@db/latchkey?sslmode=verify',
      'says sslmode=verify; use one of disable, prefer, require, verify-ca, verify-full, no-verify',
    ],
    [
      'postgres://u:p@db/latchkey?port=x',
      'has a port that is not a number; give a URL such as postgres://user:password@host:5432/latchkey',
    ],
    ['"postgres://db/x"', 'is not a postgres:// URL; give a URL such as postgres://user:password@host:5432/latchkey'],
    ['host=db dbname=x', 'is not a postgres:// URL; give a URL such as postgres://user:password@host:5432/latchkey'],
  ] as const) {
    it(`rejects ${url}`, () => {
      expect(read(url).problems).to.deep.equal([`DATABASE_URL ${problem}`]);
    });
  }

  it('rejects an invalid certificate', async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'latchkey-url-'));
    const file = path.join(directory, 'client.pem');
    await writeFile(file, 'no certificate');

    const { problems } = read(`postgres://db/latchkey?sslcert=${file}`);

    await rm(directory, { recursive: true });
    expect(problems).to.have.length(1);
    expect(problems[0]).to.match(/^DATABASE_URL can't be used \(.*PEM.*; check sslrootcert, sslcert and sslkey/);
  });

  it('rejects an authority that is a directory or holds no certificate', async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'latchkey-url-'));
    const file = path.join(directory, 'ca.pem');
    await writeFile(file, 'no certificate');
    const [empty, folder] = [file, directory].map(
      (each) => read(`postgres://db/latchkey?sslrootcert=${each}`).problems,
    );

    await rm(directory, { recursive: true });
    expect(empty).to.deep.equal([
      "DATABASE_URL names a sslrootcert without a certificate; give the authority's certificate in PEM",
    ]);
    expect(folder).to.have.length(1);
    expect(folder?.[0]).to.match(/^DATABASE_URL can't be used \(EISDIR.*; check sslrootcert/);
  });

  for (const mode of ['prefer', 'require', 'verify-ca']) {
    it(`warns that sslmode=${mode} checks the certificate, in our own words`, () => {
      const { problems, warnings, secrets } = read(`postgres://db/x?sslmode=${mode}&application_name=a`);

      expect(problems).to.deep.equal([]);
      expect(warnings).to.deep.equal([
        `DATABASE_URL says sslmode=${mode}, but the certificate is verified all the same; ` +
          'write sslmode=verify-full, or no-verify to trust any server',
      ]);
      expect(secrets.databaseUrl).to.equal('postgres://db/x?sslmode=verify-full&application_name=a');
    });
  }

  it('accepts uselibpqcompat', () => {
    const url = 'postgres://db/x?uselibpqcompat=true&sslmode=require';

    expect(read(url)).to.deep.include({ problems: [], warnings: [] });
    expect(read(url).secrets.databaseUrl).to.equal(url);
  });

  it('is the only source of connection settings, and names those that are ignored', () => {
    const { problems, warnings } = read('postgres://db/x?target_session_attrs=read-write&channel_binding=require', {
      PGSSLMODE: 'require',
      PGHOST: 'elsewhere',
    });

    expect(problems).to.deep.equal([]);
    expect(warnings).to.deep.equal([
      'DATABASE_URL says target_session_attrs, channel_binding, which the driver does not support; remove it',
      'PGSSLMODE, PGHOST are not read; only DATABASE_URL says how to connect',
    ]);
  });
});
