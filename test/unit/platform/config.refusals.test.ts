import { expect } from 'chai';
import { ConfigurationError } from '../../../src/platform/config/env.ts';
import { percentEncoding } from '../../../src/platform/config/url-credentials.ts';
import { problems, production, usual, type Variables } from './environments.ts';

const fromRemedy = 'give the address that mails come from, such as accounts@example.com';
const smtpRemedy = 'give a URL such as smtps://user:password@smtp.example.com, or "off" to send no mail';

describe('invalid config', () => {
  const refused: [string, string[], string][] = [
    ['NODE_ENV', ['prod', 'Production'], 'use one of development, test, production'],
    [
      'PORT',
      ['65536', '-1', '80.5', '0x50', '1e3', '+80', '080', '８０', 'http', '99999999999'],
      'use a whole number from 0 to 65535',
    ],
    ['WORKERS', ['0', 'auto'], 'use a whole number from 1 to 256'],
    ['DATABASE_POOL_MAX', ['0', '1001'], 'use a whole number from 1 to 1000'],
    ['DATABASE_CONNECT_TIMEOUT_MS', ['99', '120001'], 'use a whole number from 100 to 120000'],
    ['DATABASE_STATEMENT_TIMEOUT_MS', ['99', '600001'], 'use a whole number from 100 to 600000'],
    ['ACCESS_TOKEN_TTL_SECONDS', ['0', '86401', '15m'], 'use a whole number from 1 to 86400'],
    ['REFRESH_TOKEN_TTL_SECONDS', ['0', '31536001'], 'use a whole number from 1 to 31536000'],
    ['SESSION_IDLE_SECONDS', ['0', '31536001', '14d'], 'use a whole number from 1 to 31536000'],
    ['REFRESH_GRACE_SECONDS', ['-1', '301'], 'use a whole number from 0 to 300'],
    ['SESSIONS_PER_USER', ['0', '1001', 'off'], 'use a whole number from 1 to 1000'],
    ['BCRYPT_COST', ['3', '16'], 'use a whole number from 4 to 15'],
    ['RATE_LIMIT_STANDARD', ['0/60s', '10/0s', '10', '10/1m', 'none', '-1/60s'], 'use count/seconds, such as 300/60s'],
    ['RATE_LIMIT_CREDENTIALS', ['0/60s', 'OFF'], 'use count/seconds, such as 300/60s'],
    ['ERASE_AFTER_DAYS', ['0', '3651', 'never'], 'use a whole number from 1 to 3650'],
    ['PASSWORD_MIN_LENGTH', ['7', '65', 'long'], 'use a whole number from 8 to 64'],
    ['LOG_LEVEL', ['verbose', 'INFO'], 'use one of fatal, error, warn, info, debug, trace, silent'],
    ['LOG_FORMAT', ['xml'], 'use one of pretty, json'],
    ['SHUTDOWN_GRACE_SECONDS', ['3601'], 'use a whole number from 0 to 3600'],
    ['REQUEST_TIMEOUT_SECONDS', ['0', '3601'], 'use a whole number from 1 to 3600'],
    ['KEEP_ALIVE_SECONDS', ['0', '3601'], 'use a whole number from 1 to 3600'],
    [
      'TRUST_PROXY',
      [
        ...['true', '10.0.0.0/33', '10.0.0', '10.0.0.0/8/8', '10.0.0.0/', 'proxy.example', 'fe80::%eth0/64', '[::1]'],
        ...['10.0.0.1:80', '10.0.0.0/08x', '10.0.0.0/08', '01', '-1', '11', '99', '100', '1e1', '99999999999999999999'],
        ...['0.0.0.0/0', '::/0', '0.0.0.0/1, 128.0.0.0/1', '2000::/3', '::ffff:0:0/96', 'loopback, ::/0', '*'],
        ...['8.0.0.0/8', '10.0.0.0/7', '172.16.0.0/8', '192.168.0.0/8', '::ffff:8.0.0.0/104', '2600::/12', 'fc00::/6'],
      ],
      'use the number of proxies in front, at most 10, or their networks, such as 10.0.0.0/8 (public ones smaller than /8, IPv6 /12): a trusted proxy can claim any client address',
    ],
    [
      'PUBLIC_URL',
      [
        'accounts.example.com',
        'ftp://accounts.example.com',
        '/',
        'https:accounts.example.com',
        'https://*.example.com',
        'https://a.example,https://b.example',
      ],
      'give the address that clients use, such as https://accounts.example.com',
    ],
    [
      'HOST',
      ['http://127.0.0.1', '127.0.0.1:8000', '[localhost]', '127.0.0', '*', 'host.1'],
      'use an address such as 127.0.0.1, ::1 or 0.0.0.0, without scheme or port',
    ],
    ['MAIL_FROM', ['accounts', 'Accounts <a@example.com>', 'a@example.com, b@example.com'], fromRemedy],
    [
      'LINKS_URL',
      ['app.example.com', 'javascript:alert(1)', 'https://*.example.com'],
      'give the address of your pages, such as https://app.example.com/account',
    ],
    ['ADMIN_HOST', ['0.0.0.0/0'], 'use an address such as 127.0.0.1, ::1 or 0.0.0.0, without scheme or port'],
  ];
  for (const [name, values, remedy] of refused) {
    for (const value of values) {
      it(`rejects ${name}=${value} and says what is allowed`, () => {
        expect(problems({ ...usual, [name]: value })).to.deep.equal([`${name} is "${value}"; ${remedy}`]);
      });
    }
  }

  const traced = { ...usual, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };
  const refusedTracing: [Variables, string][] = [
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4317' },
      'OTEL_EXPORTER_OTLP_ENDPOINT is not an http:// or https:// URL; give the address of a collector, such as http://127.0.0.1:4318',
    ],
    [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, 'OTEL_EXPORTER_OTLP_PROTOCOL is "grpc"; use one of http/protobuf'],
    [{ OTEL_TRACES_SAMPLER_ARG: '1.5' }, 'OTEL_TRACES_SAMPLER_ARG is "1.5"; use a number from 0 to 1, such as 0.1'],
    [
      { OTEL_RESOURCE_ATTRIBUTES: 'place' },
      'OTEL_RESOURCE_ATTRIBUTES is not a list of key=value; write key=value,key2=value2, with special characters as %XX',
    ],
    [
      { OTEL_EXPORTER_OTLP_HEADERS: 'key=%' },
      'OTEL_EXPORTER_OTLP_HEADERS is not a list of key=value; write key=value,key2=value2, with special characters as %XX',
    ],
  ];
  for (const [variables, problem] of refusedTracing) {
    it(`rejects ${JSON.stringify(variables)}`, () => {
      expect(problems({ ...traced, ...variables })).to.deep.equal([problem]);
    });
  }

  it('rejects the same port for the API and for operators', () => {
    expect(problems({ ...usual, PORT: '9000', ADMIN_PORT: '9000' })).to.deep.equal([
      'ADMIN_PORT is the same as PORT; give operators a port of their own, such as 9000',
    ]);
  });

  it('rejects an idle time that ends sessions whose access token still works', () => {
    expect(problems({ ...usual, SESSION_IDLE_SECONDS: '899' })).to.deep.equal([
      'SESSION_IDLE_SECONDS is less than ACCESS_TOKEN_TTL_SECONDS, and a session that can be used is not idle; raise it, or lower the other',
    ]);
  });

  const origins: [string, string][] = [
    ['*', 'list each origin: a wildcard matches none, such as https://app.example.com'],
    ['https://*.example.com', 'list each origin: a wildcard matches none, such as https://app.example.com'],
    ['null', 'list exact origins, such as https://app.example.com'],
    ['a.example', 'list exact origins, such as https://app.example.com'],
    ['capacitor://localhost', 'list exact origins, such as https://app.example.com'],
    ['https://a.example/', 'list exact origins, such as https://a.example'],
    ['https://a.example/path?x', 'list exact origins, such as https://a.example'],
    ['https://A.example', 'list exact origins, such as https://a.example'],
    ['https://a.example:443', 'list exact origins, such as https://a.example'],
    ['https://a.example https://c.example', 'list exact origins, separated by commas, such as https://app.example.com'],
    ['https://a.example;https://c.example', 'list exact origins, separated by commas, such as https://app.example.com'],
    ['https://%2a.example.com', 'list exact origins, such as https://app.example.com'],
    ['https://ü.example', 'list exact origins, such as https://xn--tda.example'],
  ];
  for (const [origin, remedy] of origins) {
    it(`rejects the origin ${origin}, even in production`, () => {
      const expected = `CORS_ORIGINS contains "${origin}"; ${remedy}`;

      expect(problems({ ...usual, CORS_ORIGINS: `https://b.example,${origin}` })).to.deep.equal([expected]);
      expect(problems({ ...production, CORS_ORIGINS: origin })).to.deep.equal([expected]);
    });
  }

  const addresses: [string, string][] = [
    [
      'https://a.example/accounts',
      'PUBLIC_URL has the path /accounts, but the API is served from /; ' +
        'give Latchkey a host name of its own and write it without a path, such as https://a.example',
    ],
    ['https://a.example/?x=1', 'PUBLIC_URL has a query or a fragment; write https://a.example'],
    ['https://a.example#top', 'PUBLIC_URL has a query or a fragment; write https://a.example'],
    ['https://u:hunter2@a.example', 'PUBLIC_URL contains a user or a password; remove it: the URL is public'],
  ];
  for (const [address, problem] of addresses) {
    it(`rejects the proxy address ${address}`, () => {
      expect(problems({ ...usual, PUBLIC_URL: address })).to.deep.equal([problem]);
    });
  }

  const linkedPages: [string, string][] = [
    ['https://u:hunter2@a.example', 'LINKS_URL contains a user or a password; remove it: mails show the URL'],
    ['https://a.example/x#top', 'LINKS_URL has a query or a fragment; write https://a.example/x'],
    ['https://a.example/?x', 'LINKS_URL has a query or a fragment; write https://a.example/'],
    [
      `https://a.example/${'x'.repeat(90)}`,
      'LINKS_URL has more than 100 characters; give a shorter one, so that no mail client breaks links',
    ],
  ];
  for (const [address, problem] of linkedPages) {
    it(`rejects links to ${address}`, () => {
      expect(problems({ ...usual, LINKS_URL: address })).to.deep.equal([problem]);
    });
  }

  for (const name of ['two\nlines', 'over\u202eridden', 'x'.repeat(61)]) {
    it(`rejects the service name ${JSON.stringify(name)}`, () => {
      expect(problems({ ...usual, SERVICE_NAME: name })).to.deep.equal([
        'SERVICE_NAME is not a name; use at most 60 characters, none of them invisible',
      ]);
    });
  }

  const mailServers: [string, string][] = [
    ['mail.example.com', `SMTP_URL is not an smtp:// or smtps:// URL; ${smtpRemedy}`],
    ['http://user:hunter2@mail.example.com', `SMTP_URL is not an smtp:// or smtps:// URL; ${smtpRemedy}`],
    ['smtp://', `SMTP_URL is not an smtp:// or smtps:// URL; ${smtpRemedy}`],
    ['smtp://user:hunter2@mail:port', `SMTP_URL is not an smtp:// or smtps:// URL; ${smtpRemedy}`],
    [
      'smtp://user:a#b@mail',
      `SMTP_URL contains a special character that ends the user or the password; ${percentEncoding}`,
    ],
    ['smtp://user:50%off@mail', `SMTP_URL contains a % that encodes nothing; ${percentEncoding}`],
    ['smtp://mail/inbox', 'SMTP_URL has a path; remove what follows the host and port'],
    [
      'smtp://mail?tls=off',
      'SMTP_URL has a query that is not read; remove it; ?tls=optional, for smtp://, is the only one',
    ],
    [
      'smtps://mail?tls=optional',
      'SMTP_URL has a query that is not read; remove it; ?tls=optional, for smtp://, is the only one',
    ],
  ];
  for (const [server, problem] of mailServers) {
    it(`rejects the mail server ${server}`, () => {
      expect(problems({ ...usual, SMTP_URL: server })).to.deep.equal([problem]);
    });
  }

  it('accepts mail servers with and without TLS, user and port', () => {
    for (const server of ['smtp://mail', 'smtps://a%40b:p%3Aw@[::1]:465/', 'smtp://mail:25?tls=optional']) {
      expect(problems({ ...production, SMTP_URL: server, MAIL_FROM: 'a@example.com' })).to.deep.equal([]);
    }
  });

  const breaches: [string, string][] = [
    ['api.pwnedpasswords.com', 'is not an http:// or https:// URL; give the address that /range is under'],
    ['ftp://breaches.example', 'is not an http:// or https:// URL; give the address that /range is under'],
    ['https://breaches.example/?range', 'is not an http:// or https:// URL; give the address that /range is under'],
    ['https://u:p@breaches.example', 'contains a user or a password; remove it'],
  ];
  for (const [address, problem] of breaches) {
    it(`rejects ${address} as a service of breached passwords`, () => {
      const [line, ...others] = problems({ ...usual, PWNED_PASSWORDS_URL: address });
      expect(line).to.include(`PWNED_PASSWORDS_URL ${problem}`);
      expect(others).to.deep.equal([]);
    });
  }

  describe('in production', () => {
    const refusals: [string, Variables, string][] = [
      ['a cost of 9', { BCRYPT_COST: '9' }, 'BCRYPT_COST is "9"; use a whole number from 10 to 15'],
      [
        'no standard limit',
        { RATE_LIMIT_STANDARD: 'off' },
        'RATE_LIMIT_STANDARD is off; production needs a limit, such as 300/60s',
      ],
      [
        'no credentials limit',
        { RATE_LIMIT_CREDENTIALS: 'off' },
        'RATE_LIMIT_CREDENTIALS is off; production needs a limit, such as 300/60s',
      ],
      [
        'an http address',
        { PUBLIC_URL: 'http://accounts.example.com' },
        'PUBLIC_URL is not https; give the address that clients use, such as https://accounts.example.com',
      ],
      [
        'to send parts of hashes over http',
        { PWNED_PASSWORDS_URL: 'http://breaches.example' },
        'PWNED_PASSWORDS_URL is not https; give the address that /range is under, such as https://api.pwnedpasswords.com',
      ],
      [
        'no database',
        { DATABASE_URL: '' },
        'DATABASE_URL is missing; give a URL such as postgres://user:password@host:5432/latchkey',
      ],
      ['no mail server', { SMTP_URL: '' }, `SMTP_URL is missing; ${smtpRemedy}`],
      ['no sender', { SMTP_URL: 'smtps://mail.example.com' }, `MAIL_FROM is missing; ${fromRemedy}`],
      [
        'links over http',
        { LINKS_URL: 'http://app.example.com' },
        'LINKS_URL is not https; give the address of your pages, such as https://app.example.com/account',
      ],
      [
        'no signing secret',
        { JWT_SECRETS: ' , ' },
        'JWT_SECRETS is missing; generate one with: openssl rand -base64 48',
      ],
    ];
    for (const [what, changes, problem] of refusals) {
      it(`refuses ${what}`, () => {
        expect(problems({ ...production, ...changes })).to.deep.equal([problem]);
      });
    }

    it('accepts a safe configuration', () => {
      expect(problems({ ...production, BCRYPT_COST: '10', RATE_LIMIT_STANDARD: '1/1s' })).to.deep.equal([]);
    });
  });

  it('reports every problem at once, one per line', () => {
    const lines = problems({ NODE_ENV: 'production', PORT: 'x', LOG_LEVEL: 'loud', BCRYPT_COST: '4' });

    expect(lines.map((line) => line.split(' ')[0])).to.have.members([
      'PORT',
      'DATABASE_URL',
      'JWT_SECRETS',
      'SMTP_URL',
      'BCRYPT_COST',
      'LOG_LEVEL',
    ]);
    expect(new ConfigurationError(lines).message.split('\n')).to.deep.equal(lines);
  });

  const mailed: Variables[] = [{ REGISTRATION: 'verified' }, { REQUIRE_VERIFIED_EMAIL: 'on' }, { EMAIL_CODES: 'on' }];
  for (const setting of mailed) {
    const [[name, value]] = Object.entries(setting) as [[string, string]];
    it(`includes ${name}=${value} where no mail is sent`, () => {
      expect(problems({ ...usual, ...setting })).to.deep.equal([]);
      const [problem, ...others] = problems({ ...usual, ...setting, SMTP_URL: 'off' });

      expect(problem).to.match(new RegExp(`^${name} is ${value}, but SMTP_URL is off; name a mail server`));
      expect(others).to.deep.equal([]);
    });
  }
});
