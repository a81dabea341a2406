import { expect } from 'chai';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { loadConfig, type Config } from '../../../src/platform/config/config.ts';
import { english } from '../../../src/platform/mail/english.ts';
import { production, secret, usual, type Variables } from './environments.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'latchkey-config-'));
const load = (changes: Variables = {}) => loadConfig({ ...usual, ...changes }).config;

describe('config', () => {
  after(() => rm(directory, { recursive: true }));

  it('has defaults for everything in development', () => {
    const { config, secrets } = loadConfig({ DATA_DIR: directory });

    const hashes = Math.min(3, availableParallelism());
    const expected: Config = {
      production: false,
      host: '127.0.0.1',
      port: 8000,
      workers: 1,
      maxConnections: 5000,
      maxConnectionsPerClient: 500,
      operators: undefined,
      runJobs: true,
      dataDirectory: directory,
      database: {
        poolMax: 10,
        connectTimeoutMs: 5000,
        statementTimeoutMs: 10_000,
        preparedStatements: true,
        migrateAtStart: true,
        runtimeRole: undefined,
      },
      tokens: { issuer: 'latchkey', audience: 'latchkey', accessTtlSeconds: 900 },
      sessions: { ttlSeconds: 2_592_000, idleSeconds: 1_209_600, graceSeconds: 30, perUser: 50 },
      passwords: { minLength: 8, breachedUrl: undefined },
      passkeys: { rpId: 'localhost', origins: ['http://localhost:8000'] },
      eraseAfterDays: 30,
      bcryptCost: 12,
      rateLimits: {
        standard: { requests: 300, windowSeconds: 60 },
        credentials: { requests: 10, windowSeconds: 60 },
      },
      hashing: { concurrency: hashes, queueMax: 25 * hashes },
      corsOrigins: [],
      trustProxy: false,
      log: { level: 'info', format: 'pretty' },
      tracing: undefined,
      shutdownDelaySeconds: 0,
      shutdownGraceSeconds: 30,
      requestTimeoutSeconds: 120,
      keepAliveSeconds: 5,
      publicUrl: 'http://127.0.0.1:8000',
      linksUrl: 'http://127.0.0.1:8000',
      serviceName: 'Latchkey',
      mail: { from: 'latchkey@localhost', messages: english },
      pages: { logo: undefined, accent: undefined, links: {}, returnOrigins: [] },
      auditRetentionDays: 365,
      registration: 'open',
      requireVerifiedEmail: false,
      secondFactorFrom: undefined,
      emailCodes: true,
      adminEmail: undefined,
    };
    expect(config).to.deep.equal(expected);
    expect(secrets).to.include({ databaseUrl: undefined, adminPassword: undefined, sentryDsn: undefined });
  });

  it('defaults DATA_DIR to the absolute path of .data', () => {
    expect(loadConfig({ JWT_SECRETS: secret }).config.dataDirectory).to.equal(path.resolve('.data'));
  });

  it('treats an empty variable as missing', () => {
    expect(load({ PORT: '', HOST: ' ', LOG_LEVEL: '', CORS_ORIGINS: '', TRUST_PROXY: '' })).to.deep.equal(load());
  });

  const read: [Variables, (config: Config) => unknown, unknown][] = [
    [{ HOST: '0.0.0.0' }, (config) => config.host, '0.0.0.0'],
    [{ HOST: '::1' }, (config) => config.publicUrl, 'http://[::1]:8000'],
    [{ PORT: '0' }, (config) => config.port, 0],
    [{ WORKERS: '4' }, (config) => config.workers, 4],
    [{ MAX_CONNECTIONS: '1' }, (config) => config.maxConnections, 1],
    [{ MAX_CONNECTIONS: '1' }, (config) => config.maxConnectionsPerClient, 1],
    [{ MAX_CONNECTIONS: '999' }, (config) => config.maxConnectionsPerClient, 100],
    [{ MAX_CONNECTIONS_PER_CLIENT: '40' }, (config) => config.maxConnectionsPerClient, 40],
    [{ SHUTDOWN_DELAY_SECONDS: '15' }, (config) => config.shutdownDelaySeconds, 15],
    [{ PORT: ' 65535 ' }, (config) => config.port, 65535],
    [{ DATA_DIR: 'elsewhere' }, (config) => config.dataDirectory, path.resolve('elsewhere')],
    [{ DATABASE_POOL_MAX: '3' }, (config) => config.database.poolMax, 3],
    [{ DATABASE_CONNECT_TIMEOUT_MS: '100' }, (config) => config.database.connectTimeoutMs, 100],
    [{ DATABASE_STATEMENT_TIMEOUT_MS: '600000' }, (config) => config.database.statementTimeoutMs, 600_000],
    [{ DATABASE_PREPARED_STATEMENTS: 'off' }, (config) => config.database.preparedStatements, false],
    [{ DATABASE_RUNTIME_ROLE: 'latchkey_app' }, (config) => config.database.runtimeRole, 'latchkey_app'],
    [{ AUDIT_RETENTION_DAYS: '90' }, (config) => config.auditRetentionDays, 90],
    [{ MIGRATE_AT_START: 'off' }, (config) => config.database.migrateAtStart, false],
    [{ EMAIL_CODES: 'off' }, (config) => config.emailCodes, false],
    [{ SMTP_URL: 'off' }, (config) => config.emailCodes, false],
    [{ JOBS: 'off' }, (config) => config.runJobs, false],
    [{ JWT_ISSUER: 'me' }, (config) => config.tokens.issuer, 'me'],
    [{ JWT_AUDIENCE: 'you' }, (config) => config.tokens.audience, 'you'],
    [{ ACCESS_TOKEN_TTL_SECONDS: '1' }, (config) => config.tokens.accessTtlSeconds, 1],
    [{ REFRESH_TOKEN_TTL_SECONDS: '31536000' }, (config) => config.sessions.ttlSeconds, 31_536_000],
    [{ SESSION_IDLE_SECONDS: '900' }, (config) => config.sessions.idleSeconds, 900],
    [{ REFRESH_GRACE_SECONDS: '0' }, (config) => config.sessions.graceSeconds, 0],
    [{ SESSIONS_PER_USER: '1' }, (config) => config.sessions.perUser, 1],
    [{ ERASE_AFTER_DAYS: '365' }, (config) => config.eraseAfterDays, 365],
    [{ PASSWORD_MIN_LENGTH: '64' }, (config) => config.passwords.minLength, 64],
    [
      { PWNED_PASSWORDS_URL: 'http://127.0.0.1:1/a//' },
      (config) => config.passwords.breachedUrl,
      'http://127.0.0.1:1/a',
    ],
    [{ BCRYPT_COST: '4' }, (config) => config.bcryptCost, 4],
    [
      { RATE_LIMIT_STANDARD: '5/10s', RATE_LIMIT_CREDENTIALS: '7/20' },
      (config) => config.rateLimits,
      {
        standard: { requests: 5, windowSeconds: 10 },
        credentials: { requests: 7, windowSeconds: 20 },
      },
    ],
    [{ WORKERS: '3' }, (config) => config.workers, 3],
    [{ HASHING_CONCURRENCY: '2' }, (config) => config.hashing, { concurrency: 2, queueMax: 50 }],
    [{ HASHING_QUEUE_MAX: '0', HASHING_CONCURRENCY: '1' }, (config) => config.hashing, { concurrency: 1, queueMax: 0 }],
    [{ RATE_LIMIT_STANDARD: 'off' }, (config) => config.rateLimits.standard, undefined],
    [{ RATE_LIMIT_CREDENTIALS: 'off' }, (config) => config.rateLimits.credentials, undefined],
    [
      { CORS_ORIGINS: 'https://a.example, http://localhost:5173,' },
      (config) => config.corsOrigins,
      ['https://a.example', 'http://localhost:5173'],
    ],
    [
      { PUBLIC_URL: 'https://accounts.example.com', CORS_ORIGINS: 'https://app.example.com' },
      (config) => config.passkeys,
      { rpId: 'accounts.example.com', origins: ['https://accounts.example.com'] },
    ],
    [
      {
        PUBLIC_URL: 'https://accounts.example.com',
        CORS_ORIGINS:
          'https://app.example.com,https://example.com.evil.example,http://a.example.com,https://other.example',
        WEBAUTHN_RP_ID: 'example.com',
      },
      (config) => config.passkeys,
      { rpId: 'example.com', origins: ['https://accounts.example.com', 'https://app.example.com'] },
    ],
    [
      { HOST: '::1', PORT: '9000', CORS_ORIGINS: 'http://localhost:5173,http://127.0.0.1:5173' },
      (config) => config.passkeys,
      { rpId: 'localhost', origins: ['http://localhost:9000', 'http://localhost:5173'] },
    ],
    [
      {
        PUBLIC_URL: 'https://example.com',
        WEBAUTHN_ORIGINS: `https://app.example.com, android:apk-key-hash:${'aB1_'.repeat(10)}xyz`,
      },
      (config) => config.passkeys,
      {
        rpId: 'example.com',
        origins: ['https://app.example.com', `android:apk-key-hash:${'aB1_'.repeat(10)}xyz`],
      },
    ],
    [
      { PUBLIC_URL: 'https://192.0.2.7', CORS_ORIGINS: 'https://app.example.com' },
      (config) => config.passkeys,
      { rpId: undefined, origins: [] },
    ],
    [{ TRUST_PROXY: '2' }, (config) => config.trustProxy, 2],
    [{ TRUST_PROXY: '0' }, (config) => config.trustProxy, false],
    [{ TRUST_PROXY: '10' }, (config) => config.trustProxy, 10],
    [
      { TRUST_PROXY: '23.192.0.0/11,2a02:26f0::/29' },
      (config) => config.trustProxy,
      ['23.192.0.0/11', '2a02:26f0::/29'],
    ],
    [{ TRUST_PROXY: 'fc00::/7,127.0.0.0/8' }, (config) => config.trustProxy, ['fc00::/7', '127.0.0.0/8']],
    [{ TRUST_PROXY: '::ffff:10.0.0.0/104' }, (config) => config.trustProxy, ['::ffff:10.0.0.0/104']],
    [
      { TRUST_PROXY: '10.0.0.0/8, loopback,2001:db8::/32,192.0.2.1' },
      (config) => config.trustProxy,
      ['10.0.0.0/8', 'loopback', '2001:db8::/32', '192.0.2.1'],
    ],
    [{ LOG_LEVEL: 'silent' }, (config) => config.log.level, 'silent'],
    [{ LOG_FORMAT: 'json' }, (config) => config.log.format, 'json'],
    [{ ADMIN_PORT: '9000' }, (config) => config.operators, { host: '127.0.0.1', port: 9000 }],
    [{ ADMIN_PORT: '9000', ADMIN_HOST: '::' }, (config) => config.operators, { host: '::', port: 9000 }],
    [{ ADMIN_PORT: '0', ADMIN_HOST: '::' }, (config) => config.operators, undefined],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/' },
      (config) => config.tracing,
      { endpoint: 'http://collector:4318', serviceName: 'latchkey', resource: {}, ratio: 1, followsParent: true },
    ],
    [
      {
        OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector/otlp',
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
        OTEL_SERVICE_NAME: 'accounts',
        OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test, place=room%201',
        OTEL_TRACES_SAMPLER: 'traceidratio',
        OTEL_TRACES_SAMPLER_ARG: '0.25',
      },
      (config) => config.tracing,
      {
        endpoint: 'https://collector/otlp',
        serviceName: 'accounts',
        resource: { 'deployment.environment.name': 'test', place: 'room 1' },
        ratio: 0.25,
        followsParent: false,
      },
    ],
    [{ SHUTDOWN_GRACE_SECONDS: '0' }, (config) => config.shutdownGraceSeconds, 0],
    [{ REQUEST_TIMEOUT_SECONDS: '3600' }, (config) => config.requestTimeoutSeconds, 3600],
    [{ KEEP_ALIVE_SECONDS: '1' }, (config) => config.keepAliveSeconds, 1],
    [{ HOST: '[::1]' }, (config) => config.host, '::1'],
    [{ HOST: 'localhost' }, (config) => config.host, 'localhost'],
    [{ HOST: 'fe80::1%eth0' }, (config) => config.publicUrl, 'http://[fe80::1]:8000'],
    [{ HOST: 'fe80::1%eth0' }, (config) => config.host, 'fe80::1%eth0'],
    [{ PUBLIC_URL: 'http://API.example.com//' }, (config) => config.publicUrl, 'http://api.example.com'],
    [{ PUBLIC_URL: 'https://a.example:443' }, (config) => config.publicUrl, 'https://a.example'],
    [{ PUBLIC_URL: 'https://a.example' }, (config) => config.linksUrl, 'https://a.example'],
    [{ LINKS_URL: 'https://App.example/account/' }, (config) => config.linksUrl, 'https://app.example/account'],
    [{ LINKS_URL: 'http://localhost:5173' }, (config) => config.linksUrl, 'http://localhost:5173'],
    [{ SERVICE_NAME: ' Café Zürich: "Konten" ' }, (config) => config.serviceName, 'Café Zürich: "Konten"'],
    [{ MAIL_FROM: 'Accounts@Zürich.example' }, (config) => config.mail.from, 'accounts@xn--zrich-kva.example'],
    [{ REQUIRE_SECOND_FACTOR: 'off' }, (config) => config.secondFactorFrom, undefined],
    [{ REQUIRE_SECOND_FACTOR: 'moderator' }, (config) => config.secondFactorFrom, 'moderator'],
    [{ ADMIN_EMAIL: 'a@example.com', ADMIN_PASSWORD: 'x' }, (config) => config.adminEmail, 'a@example.com'],
  ];
  for (const [variables, part, value] of read) {
    it(`reads ${JSON.stringify(variables)}`, () => {
      expect(part(load(variables))).to.deep.equal(value);
    });
  }

  it('defaults to safe settings in production', () => {
    const { config } = loadConfig(production);

    expect(config.production).to.equal(true);
    expect(config.log.format).to.equal('json');
    expect(config.workers).to.equal(availableParallelism());
    expect(config.shutdownDelaySeconds).to.equal(5);
    expect(config.bcryptCost).to.equal(12);
    expect(config.passwords).to.deep.equal({ minLength: 15, breachedUrl: undefined });
    expect(config.rateLimits.credentials).to.deep.equal({ requests: 10, windowSeconds: 60 });
  });
});
