import { expect } from 'chai';
import { readConfig } from '../../../src/platform/config/config.ts';

const secret = 'Vf3kP0zQmXw7RyT2LbNc9HsJd5GaEu81';
const warnings = (variables: Record<string, string>) =>
  readConfig({ JWT_SECRETS: secret, DATABASE_URL: 'postgres://db/latchkey', ...variables }).warnings;

describe('an unknown variable', () => {
  for (const [name, meant] of [
    ['CORS_ORIGIN', 'CORS_ORIGINS'],
    ['JWT_SECRET', 'JWT_SECRETS'],
    ['JWT_SECRET_FILE', 'JWT_SECRETS_FILE'],
    ['DATABSE_URL', 'DATABASE_URL'],
    ['DATABASE_URI', 'DATABASE_URL'],
    ['RATE_LIMIT_STANDART', 'RATE_LIMIT_STANDARD'],
    ['RATE_LIMIT_LOGIN', 'RATE_LIMIT_STANDARD or RATE_LIMIT_CREDENTIALS'],
    ['TRUSTED_PROXY', 'TRUST_PROXY'],
    ['SENTRY_DNS', 'SENTRY_DSN'],
    ['LOGLEVEL', 'LOG_LEVEL'],
    ['WORKER', 'WORKERS'],
    ['database_url', 'DATABASE_URL'],
    ['ADMIN-EMAIL', 'ADMIN_EMAIL'],
    ['ADMIN_EMAIL_FILE', 'ADMIN_EMAIL'],
    ['LATCHKEY_PORT', 'PORT'],
    ['TRUST_PROXIES', 'TRUST_PROXY'],
    ['CORS_ALLOWED_ORIGINS', 'CORS_ORIGINS'],
    ['RATE_LIMIT', 'RATE_LIMIT_STANDARD or RATE_LIMIT_CREDENTIALS'],
    ['REQUEST_TIMEOUT', 'REQUEST_TIMEOUT_SECONDS'],
    ['KEEP_ALIVE', 'KEEP_ALIVE_SECONDS'],
    ['DATABASE_CONNECT_TIMEOUT', 'DATABASE_CONNECT_TIMEOUT_MS'],
    ['DATABASE_POOL_SIZE', 'DATABASE_POOL_MAX'],
    ['ACCESS_TOKEN_TTL', 'ACCESS_TOKEN_TTL_SECONDS'],
  ] as const) {
    it(`suggests what was meant: ${name}`, () => {
      expect(warnings({ [name]: '1' })).to.deep.equal([`${name} is not read; did you mean ${meant}?`]);
    });
  }

  it("is ignored when it isn't ours", () => {
    const others = {
      ...{
        PATH: '/bin',
        HOSTNAME: 'box',
        SORT: '1',
        host: 'x',
        port: '1',
        USER: 'ada',
        LOGNAME: 'ada',
        SHELL: '/bin/sh',
      },
      ...{ XDG_DATA_DIRS: '/usr/share', npm_config_loglevel: 'warn', NODE_OPTIONS: '', UV_THREADPOOL_SIZE: '8' },
      ...{
        OTEL_EXPORTER_OTLP_TIMEOUT: '1',
        OTEL_LOGS_EXPORTER: 'none',
        TEST_DATABASE_URL: 'x',
        REDIS_PORT: '1',
        PORTS: '1',
      },
      ...{ DATABASE_URL_RO: 'x', DATABASE_REPLICA_URL: 'x', DATABASE_HOST: 'x', DATABASE_NAME: 'x', PORT_RANGE: '1-2' },
      ...{ JWT: 'x', JWT_TOKEN: 'x', JWT_KEY: 'x', ACCESS_TOKEN: 'x', ACCESS_TOKEN_SECRET: 'x', REFRESH_TOKEN: 'x' },
      ...{ DATABASE_PORT: 'tcp://10.0.0.1:5432', DATABASE_SERVICE_HOST: '10.0.0.1', DATABASE_PORT_5432_TCP_ADDR: 'x' },
      ...{ LATCHKEY_PORT: 'tcp://10.0.0.2:8000', LATCHKEY_SERVICE_PORT: '8000', PUBLIC_KEY: 'x', CATALINA_HOME: 'x' },
    };

    expect(warnings(others)).to.deep.equal([]);
  });
});
