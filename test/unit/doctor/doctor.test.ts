import { expect } from 'chai';
import { runDoctor } from '../../../src/commands/doctor.ts';
import { readConfig, type Config } from '../../../src/platform/config/config.ts';
import type { Db } from '../../../src/platform/database/database.ts';
import {
  checkAdminEmail,
  checkConfiguration,
  checkEnvironment,
  checkJobs,
  checkLimits,
  checkLog,
  checkOperators,
  checkPasswords,
  checkSecondFactor,
  checkRates,
} from '../../../src/doctor/configuration.ts';
import { fail, ok, warn, type Finding } from '../../../src/platform/findings.ts';
import { describeFindings, mayDeploy, toJson } from '../../../src/doctor/report.ts';
import { checkPasskeys } from '../../../src/doctor/passkeys.ts';
import { checkMachine, describeMachine, type Machine } from '../../../src/doctor/machine.ts';
import {
  checkDatabaseTls,
  checkOrigins,
  checkProxy,
  checkPublicUrl,
  checkRedisTls,
} from '../../../src/doctor/network.ts';
import { checkAdministrator } from '../../../src/features/users/administrator.check.ts';
import { table } from './findings-table.ts';
import { checkMigrations } from '../../../src/doctor/migrations.ts';
import { askServer, checkServer, type Server } from '../../../src/doctor/server.ts';

describe('doctor', () => {
  const { config } = readConfig({ NODE_ENV: 'production', WORKERS: '2', HASHING_CONCURRENCY: '2' });

  describe('configuration', () => {
    const rate = (limits: Record<string, string>) => {
      const variables = Object.entries(limits).map(([name, limit]) => [`RATE_LIMIT_${name.toUpperCase()}`, limit]);
      return checkRates(readConfig(Object.fromEntries(variables) as NodeJS.ProcessEnv).config.rateLimits)[0];
    };
    table([
      ['every variable is valid', checkConfiguration([])[0], 'ok configuration', /every variable/],
      [
        'a variable is invalid',
        checkConfiguration(['PORT is "x"; y; use 1'])[0],
        'fail configuration',
        /^PORT is "x"; y$/,
      ],
      ['production', checkEnvironment('production'), 'ok environment', /production/],
      ['NODE_ENV is not set', checkEnvironment(undefined), 'fail environment', /not set/],
      ['an unknown NODE_ENV', checkEnvironment('staging'), 'fail environment', /staging/],
      ['a Redis', checkLimits(4, 'redis://a'), 'ok limits', /together/],
      ['one process', checkLimits(1, undefined), 'ok limits', /one process/],
      ['four workers', checkLimits(4, undefined), 'ok limits', /4 workers count together/],
      ['an unlimited rate', rate({ standard: '999999999/1s' }), 'fail limits', /STANDARD=999999999\/1s limits nothing/],
      ['too many logins allowed', rate({ credentials: '1000/60s' }), 'fail limits', /CREDENTIALS/],
      ['generous limits', rate({ standard: '60000/60s' }), 'no finding', /^/],
      ['an invalid ADMIN_EMAIL', checkAdminEmail('you')[0], 'fail administrator', /not an e-mail address/],
      [
        'short passwords',
        checkPasswords({ minLength: 14, breachedUrl: undefined }),
        'warn passwords',
        /of 14 characters/,
      ],
      ['long passwords', checkPasswords({ minLength: 15, breachedUrl: undefined }), 'ok passwords', /at least 15 char/],
      ['new passwords', checkPasswords({ minLength: 15, breachedUrl: 'https://a' }), 'ok passwords', /known breaches/],
      ['a second factor', checkSecondFactor('admin'), 'ok second factor', /role admin or higher/],
      ['a password alone', checkSecondFactor(undefined), 'warn second factor', /password alone/],
      ['a log for machines', checkLog({ level: 'info', format: 'json' })[0], 'ok log', /JSON/],
      ['a log for people', checkLog({ level: 'info', format: 'pretty' })[0], 'warn log', /LOG_FORMAT/],
      ['a verbose log', checkLog({ level: 'trace', format: 'json' })[1], 'warn log', /trace is verbose/],
      ['a quiet log', checkLog({ level: 'warn', format: 'json' })[1], 'warn log', /not logged/],
      ['an operators port', checkOperators({ host: '::', port: 9000 }), 'ok operators', /:::9000/],
      ['jobs', checkJobs(true), 'ok jobs', /runs/],
      ['no jobs', checkJobs(false), 'warn jobs', /JOBS is off/],
      ['none', checkOperators(undefined), 'warn operators', /no metrics/],
    ]);

    it('omits remedies for settings that are fine', () => {
      expect(checkConfiguration(['PORT is "x"; use 1'])).to.deep.equal([fail('configuration', 'PORT is "x"', 'use 1')]);
    });
  });

  describe('network', () => {
    const database = (host: string, query = '') => checkDatabaseTls(`postgres://u:p@${host}/latchkey${query}`);
    const passkeysOf = (variables: Record<string, string>) =>
      checkPasskeys(
        readConfig({ NODE_ENV: 'production', PUBLIC_URL: 'https://accounts.example.com', ...variables }).config,
      );
    table([
      [
        'passkeys where people sign in',
        passkeysOf({}),
        'ok passkeys',
        /^those of accounts.example.com can be used at https:\/\/accounts.example.com$/,
      ],
      ['passkeys of an address', passkeysOf({ PUBLIC_URL: 'https://192.0.2.7' }), 'warn passkeys', /there are none/],
      [
        'pages that can use no passkeys',
        passkeysOf({ CORS_ORIGINS: 'https://app.example.com' }),
        'warn passkeys',
        /can't be used on pages of https:\/\/app.example.com/,
      ],
      [
        'passkeys of a domain with all pages',
        passkeysOf({ CORS_ORIGINS: 'https://app.example.com', WEBAUTHN_RP_ID: 'example.com' }),
        'ok passkeys',
        /of example.com .+ https:\/\/app.example.com$/,
      ],
      [
        'passkeys of another domain than the pages',
        passkeysOf({ WEBAUTHN_RP_ID: 'example.com', WEBAUTHN_ORIGINS: 'https://a.example.com,https://example.org' }),
        'warn passkeys',
        /^https:\/\/example.org in WEBAUTHN_ORIGINS is not under example.com/,
      ],
      ['no origin', checkOrigins([]), 'ok origins', /no page/],
      ['an https origin', checkOrigins(['https://app.example.com']), 'ok origins', /^pages of https:/],
      ["a developer's", checkOrigins(['http://localhost:3000']), 'warn origins', /own machine/],
      [
        'an http origin',
        checkOrigins(['http://app.example.com', 'http://[::1]:1']),
        'fail origins',
        /^http:\/\/app\S+ in/,
      ],
      ['https', checkPublicUrl('https://a.example.com'), 'ok tls', /clients use/],
      ['http', checkPublicUrl('http://a.example.com'), 'fail tls', /without TLS/],
      ['this machine', checkPublicUrl('https://localhost'), 'fail tls', /own machine/],
      ['every address of this machine', checkPublicUrl('https://0.0.0.0'), 'fail tls', /own machine/],
      ['every IPv6 address of it', checkPublicUrl('https://[::]'), 'fail tls', /own machine/],
      ['this machine by its address', checkPublicUrl('https://[::1]:8443'), 'fail tls', /own machine/],
      ['one proxy', checkProxy(1, 'https://a'), 'ok proxy', /one proxy is trusted/],
      ['networks', checkProxy(['10.0.0.0/8'], 'https://a'), 'ok proxy', /10\.0\.0\.0\/8/],
      ['nobody behind TLS', checkProxy(false, 'https://a'), 'fail proxy', /share its address/],
      ['nobody without TLS', checkProxy(false, 'http://a'), 'ok proxy', /no proxy/],
      ['queries on this machine', database('127.0.0.1:5432'), 'ok tls', /stay/],
      ['queries over a socket', database('%2Fvar%2Frun'), 'ok tls', /stay/],
      ["a socket as the host's parameter", database('db.example.com', '?host=/var/run'), 'ok tls', /stay/],
      ['verified queries', database('db.example.com', '?sslmode=verify-full'), 'ok tls', /certificate is checked/],
      ['an authority of its own', database('db.example.com', '?sslrootcert=/ca.pem'), 'ok tls', /is checked/],
      ['ssl=true', database('db.example.com', '?ssl=true'), 'ok tls', /is checked/],
      ['no verification', database('db.example.com', '?sslmode=no-verify'), 'warn tls', /any server/],
      ['require', database('db.example.com', '?sslmode=require'), 'warn tls', /depends on the driver/],
      ['no TLS to a container', database('database'), 'warn tls', /network of containers/],
      [
        'TLS disabled explicitly to a container',
        database('database', '?sslmode=disable'),
        'ok tls',
        /sslmode=disable says/,
      ],
      ['plain to another host', database('db.example.com'), 'fail tls', /db\.example\.com are not encrypted/],
      ['TLS disabled to another machine', database('10.0.0.5', '?sslmode=disable'), 'fail tls', /10\.0\.0\.5/],
      ['rediss', checkRedisTls('rediss://r.example.com'), 'ok tls', /encrypted/],
      ['a Redis on this machine', checkRedisTls('redis://localhost'), 'ok tls', /stay/],
      ['a Redis in a container', checkRedisTls('redis://redis:6379'), 'ok tls', /network of containers/],
      ['plain to a Redis', checkRedisTls('redis://r.example.com'), 'warn tls', /not encrypted/],
    ]);
  });

  describe('machine', () => {
    const gibibyte = 1024 ** 3;
    const enough: Machine = {
      nodeVersion: 'v24.4.0',
      cores: 2,
      memoryBytes: gibibyte,
      openFiles: 20_000,
      threads: 4,
    };
    const find = (check: string, changes: Partial<Machine>, other: Partial<Config> = {}) =>
      checkMachine({ ...enough, ...changes }, { ...config, ...other }).find((finding) => finding.check === check);
    table([
      ['Node.js 24', find('node', {}), 'ok node', /v24\.4\.0/],
      ['Node.js 20.19', find('node', { nodeVersion: 'v20.19.0' }), 'ok node', /supported/],
      ['Node.js 20.18', find('node', { nodeVersion: 'v20.18.3' }), 'fail node', /older than 20\.19/],
      ['Node.js 23', find('node', { nodeVersion: 'v23.1.0' }), 'warn node', /not tested/],
      ['1 GiB for three', find('memory', {}), 'ok memory', /^1024 MiB for 3 processes$/],
      ['half the memory', find('memory', { memoryBytes: gibibyte / 2 }), 'warn memory', /is tight/],
      ['a quarter of the memory', find('memory', { memoryBytes: gibibyte / 4 }), 'fail memory', /not enough/],
      [
        'a quarter of the memory for one process',
        find('memory', { memoryBytes: gibibyte / 4 }, { workers: 1 }),
        'ok memory',
        /1 process$/,
      ],
      ['a core per worker', find('cores', {}), 'ok cores', /2 workers on 2 cores/],
      ['one core for two workers', find('cores', { cores: 1 }), 'warn cores', /2 workers share 1 core$/],
      ['hashing on every thread', find('threads', { threads: 2 }), 'warn threads', /all 2 threads/],
      ['many files', find('open files', {}), 'ok open files', /20000 allow 5000/],
      ['few files', find('open files', { openFiles: 1024 }), 'fail open files', /needs 5110/],
    ]);

    it('skips what the system does not report', () => {
      expect(find('open files', { openFiles: undefined })).to.equal(undefined);
      expect(find('threads', {})).to.equal(undefined);
    });

    it('describes the machine', () => {
      expect(describeMachine({ UV_THREADPOOL_SIZE: '8' })).to.include({ nodeVersion: process.version, threads: 8 });
      expect(describeMachine({}).threads).to.equal(4);
    });
  });

  describe('server', () => {
    const good: Server = {
      version: '17.2 (Debian 17.2-1)',
      superuser: false,
      ctype: 'C.UTF-8',
      pooled: false,
      unset: [],
      connections: 97,
      aheadMs: 3,
      uncertainMs: 1,
    };
    const find = (check: string, changes: Partial<Server>, result?: Finding['result'], workers = 2) =>
      checkServer({ ...good, ...changes }, config.database, workers).find(
        (finding) => finding.check === check && finding.result === (result ?? finding.result),
      );
    table([
      ['PostgreSQL 17', find('database', {}), 'ok database', /17\.2 .*answers/],
      ['PostgreSQL 19', find('database', { version: '19beta1' }), 'warn database', /not tested/],
      ['a superuser', find('database', { superuser: true }, 'warn'), 'warn database', /superuser/],
      ['only ASCII letters', find('database', { ctype: 'C' }, 'warn'), 'warn database', /other letters than ASCII/],
      ['all timeouts', find('timeouts', {}), 'ok timeouts', /bounded/],
      ['a missing timeout', find('timeouts', { unset: ['lock_timeout'] }), 'fail timeouts', /^lock_timeout/],
      [
        'connections for four servers',
        find('connections', {}),
        'ok connections',
        /23 \(2 × 10 \+ 3\) of 97: room for 4/,
      ],
      [
        'connections for one server',
        find('connections', { connections: 40 }),
        'warn connections',
        /no room for a second/,
      ],
      [
        'connections for one process',
        find('connections', { connections: 20 }, 'ok', 1),
        'ok connections',
        /10 of 20: room for 2/,
      ],
      ['too few connections', find('connections', { connections: 20 }), 'fail connections', /of 20$/],
      [
        'few connections behind a pooler',
        find('connections', { connections: 20, pooled: true }),
        'ok connections',
        /pooler/,
      ],
      ['the same time', find('clock', {}), 'ok clock', /3 ms ahead/],
      ['two seconds behind', find('clock', { aheadMs: -2000 }), 'warn clock', /2000 ms behind/],
      [
        'two seconds ahead, within the uncertainty',
        find('clock', { aheadMs: 2000, uncertainMs: 1500 }),
        'ok clock',
        /2000 ms/,
      ],
      ['a minute ahead', find('clock', { aheadMs: 60_000 }), 'fail clock', /60000 ms ahead/],
    ]);

    it('compares clocks at the midpoint of the request', async () => {
      const times = [100_000, 100_200];
      const rows = [{ ...good, serverMs: 160_100 }];
      const db = { raw: async () => ({ rows }) } as unknown as Db;

      const { aheadMs, uncertainMs } = await askServer(db, () => times.shift() ?? NaN);

      expect({ aheadMs, uncertainMs }).to.deep.equal({ aheadMs: -60_000, uncertainMs: 100 });
    });
  });

  describe('schema', () => {
    const one = { name: '1_one', batch: 1, known: true };
    table([
      ['every migration applied', checkMigrations([one])[0], 'ok migrations', /all 1/],
      [
        'a missing migration',
        checkMigrations([{ ...one, batch: undefined }])[0],
        'fail migrations',
        /not applied: 1_one/,
      ],
      [
        "a newer release's migration",
        checkMigrations([{ ...one, known: false }])[1],
        'warn migrations',
        /newer release/,
      ],
      ['an administrator', checkAdministrator(true), 'ok administrator', /active/],
      ['no administrator', checkAdministrator(false), 'warn administrator', /none/],
    ]);
  });

  describe('report', () => {
    const findings = [ok('tls', 'good'), warn('log', 'loud', 'set less'), fail('clock', 'wrong', 'set it')];

    it('tells people what to do, then gives the verdict', () => {
      expect(describeFindings(findings)).to.equal(
        [
          'ok    tls    good',
          'warn  log    loud',
          '             -> set less',
          'fail  clock  wrong',
          '             -> set it',
          '',
          '1 ok, 1 warning, 1 failed. Do not deploy.',
        ].join('\n'),
      );
      expect(describeFindings(findings.slice(0, 2))).to.match(/ 0 failed\. Deploy\.$/);
    });

    it('gives programs the same as JSON', () => {
      expect(JSON.parse(toJson(findings))).to.deep.equal({ deploy: false, checks: findings });
      expect(mayDeploy(findings.slice(0, 2))).to.equal(true);
    });

    it('rejects unknown options and names the one it has', async () => {
      const refusal = await runDoctor(['--fix']).catch((error: unknown) => error);

      expect((refusal as Error).message).to.match(/^there is no option --fix; use: .* doctor (-- )?\[--json\]$/);
    });
  });
});
