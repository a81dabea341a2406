import { expect } from 'chai';
import { execFile, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { useApp } from '../../support/app.ts';
import { runCommand } from '../../support/process.ts';
import { commandWith } from '../../support/readme-blocks.ts';

const moving = path.join(import.meta.dirname, '..', '..', '..', 'openapi', 'moving');

type Fields = Readonly<Record<string, unknown>>;

/** A small export in the shape that a system writes, and what must become of it. */
interface Sample {
  readonly page: string;
  /** By name. */
  readonly files: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
  /** The users of the file, who all have this password. */
  readonly password: string;
  readonly users: readonly Fields[];
}

const ofLines = (...lines: Fields[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join('');
const password = 'seven green kites, Zürich';
const bcrypt = '$2a$05$gm/9XMlTCGiC7vO4.cVQ5eBoBy2OPQeXFj5e1MUiedzYCV2IGpqAq';

const samples: readonly Sample[] = [
  {
    page: 'supabase-auth.md',
    password,
    files: {
      'supabase.ndjson': ofLines(
        {
          ...{ instance_id: '00000000-0000-0000-0000-000000000000', id: '6b1cc1a4-8c2b-4a1e-9a51-0f6bd0a7a001' },
          ...{
            aud: 'authenticated',
            role: 'authenticated',
            email: 'ada.supabase@example.com',
            encrypted_password: bcrypt,
          },
          ...{ email_confirmed_at: '2024-01-02T03:04:05.678912+00:00', invited_at: null, banned_until: null },
          ...{
            raw_app_meta_data: { provider: 'email', providers: ['email'] },
            raw_user_meta_data: { full_name: 'Ada Quill' },
          },
          ...{ created_at: '2024-01-01T00:00:00.123456+00:00', updated_at: '2024-02-01T00:00:00+00:00', phone: null },
          ...{ is_super_admin: null, is_sso_user: false, deleted_at: null, is_anonymous: false },
        },
        {
          ...{
            id: '6b1cc1a4-8c2b-4a1e-9a51-0f6bd0a7a002',
            email: 'grace.supabase@example.com',
            encrypted_password: '',
          },
          ...{ email_confirmed_at: null, banned_until: '2124-01-01T00:00:00+00:00', raw_user_meta_data: {} },
          ...{ created_at: '2024-01-01T00:00:00+00:00', updated_at: '2024-02-01T00:00:00+00:00' },
        },
        { id: '6b1cc1a4-8c2b-4a1e-9a51-0f6bd0a7a003', email: null, phone: '4915112345', encrypted_password: '' },
      ),
    },
    users: [
      {
        ...{ id: '6b1cc1a4-8c2b-4a1e-9a51-0f6bd0a7a001', email: 'ada.supabase@example.com', full_name: 'Ada Quill' },
        ...{ email_verified: true, is_active: true, created_at: '2024-01-01T00:00:00.123Z' },
      },
      { email: 'grace.supabase@example.com', full_name: 'grace.supabase', email_verified: false, is_active: false },
    ],
  },
  {
    page: 'keycloak.md',
    password,
    files: {
      'export/acme-users-0.json': JSON.stringify({
        realm: 'acme',
        users: [
          {
            ...{ id: '6b1cc1a4-8c2b-4a1e-9a51-0f6bd0a7b001', username: 'ada', firstName: 'Ada', lastName: 'Quill' },
            ...{
              email: 'ada.keycloak@example.com',
              emailVerified: true,
              createdTimestamp: 1704067200123,
              enabled: true,
            },
            ...{ totp: false, disableableCredentialTypes: [], requiredActions: [], realmRoles: ['default-roles-acme'] },
            credentials: [
              {
                ...{ id: 'c1', type: 'password', createdDate: 1704067200123 },
                secretData:
                  '{"value":"yDAZBrXpL6M1KUQ7Ak4RfwcKDSmpJOtmGB/BBbCczMY=","salt":"MDEyMzQ1Njc4OWFiY2RlZg==","additionalParameters":{}}',
                credentialData:
                  '{"hashIterations":2,"algorithm":"argon2","additionalParameters":{"hashLength":["32"],"memory":["1024"],"type":["id"],"version":["1.3"],"parallelism":["2"]}}',
              },
            ],
          },
          {
            id: '6b1cc1a4-8c2b-4a1e-9a51-0f6bd0a7b002',
            username: 'robot',
            enabled: true,
            createdTimestamp: 1704067200123,
          },
        ],
      }),
      'export/acme-users-1.json': JSON.stringify({
        realm: 'acme',
        users: [
          {
            ...{ id: '6b1cc1a4-8c2b-4a1e-9a51-0f6bd0a7b003', username: 'alan', email: 'alan.keycloak@example.com' },
            ...{ emailVerified: false, createdTimestamp: 1577934245000, enabled: true },
            credentials: [
              {
                ...{ id: 'c2', type: 'password', createdDate: 1577934245000 },
                secretData:
                  '{"value":"7z7hpqAE/Msb5oCsGvak/BiSVnpyrVzGtMobaU7iEUMXYF5XGeTwxOjDE8/U90OejwKbl0MyoGRH2uobQHaoIA==","salt":"c2FsdHNhbHRzYWx0c2FsdA==","additionalParameters":{}}',
                credentialData: '{"hashIterations":1500,"algorithm":"pbkdf2-sha256","additionalParameters":{}}',
              },
            ],
          },
        ],
      }),
    },
    users: [
      {
        ...{ id: '6b1cc1a4-8c2b-4a1e-9a51-0f6bd0a7b001', email: 'ada.keycloak@example.com', full_name: 'Ada Quill' },
        ...{ email_verified: true, created_at: '2024-01-01T00:00:00.000Z' },
      },
      { email: 'alan.keycloak@example.com', full_name: 'alan.keycloak', email_verified: false },
    ],
  },
  {
    page: 'auth0.md',
    password,
    files: {
      'hashes.ndjson': ofLines(
        {
          ...{ _id: { $oid: '5dea9f9c82dd7c0e76e4ec93' }, email_verified: true, email: 'ada.auth0@example.com' },
          ...{ passwordHash: bcrypt, password_set_date: { $date: '2019-12-06T18:36:12.412Z' }, tenant: 'acme' },
          ...{ connection: 'Username-Password-Authentication', _tmp_is_unique: true },
        },
        {
          ...{ _id: { $oid: '5dea9f9c82dd7c0e76e4ec94' }, passwordHash: bcrypt, alt_id: 'euclid', tenant: 'acme' },
          ...{ identifiers: [{ type: 'email', value: 'euclid.auth0@example.com', verified: true }] },
        },
      ),
      'profiles.ndjson': ofLines({
        ...{ user_id: 'auth0|5dea9f9c82dd7c0e76e4ec93', name: 'Ada Quill', created_at: '2019-12-06T18:36:12.412Z' },
      }),
    },
    users: [
      {
        ...{ id: '0000005d-ea9f-89c8-82dd-7c0e76e4ec93', email: 'ada.auth0@example.com', full_name: 'Ada Quill' },
        ...{ email_verified: true, created_at: '2019-12-06T18:36:12.412Z' },
      },
      { email: 'euclid.auth0@example.com', full_name: 'euclid.auth0', email_verified: true },
    ],
  },
  {
    page: 'firebase.md',
    password: 'user1password',
    variables: {
      SIGNER_KEY: 'jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==',
    },
    files: {
      'firebase.json': JSON.stringify({
        users: [
          {
            ...{ localId: 'OnfLVsKbBjOEzRyKrXQBTYZEpIY2', email: 'ada.firebase@example.com', emailVerified: true },
            passwordHash: 'lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==',
            ...{ salt: '42xEC+ixf3L2lw==', displayName: 'Ada Quill', lastSignedInAt: '1486324027000' },
            ...{ createdAt: '1486324027000', disabled: false, providerUserInfo: [] },
          },
          {
            ...{ localId: 'qXQBTYZEpIY2OnfLVsKbBjOEzRyK', email: 'grace.firebase@example.com', emailVerified: false },
            ...{ createdAt: '1486324027000', disabled: true, providerUserInfo: [{ providerId: 'google.com' }] },
          },
          { localId: 'anonymousQXQBTYZEpIY2OnfLVsK', createdAt: '1486324027000', providerUserInfo: [] },
        ],
      }),
    },
    users: [
      {
        ...{ email: 'ada.firebase@example.com', full_name: 'Ada Quill', email_verified: true, is_active: true },
        created_at: '2017-02-05T19:47:07.000Z',
      },
      { email: 'grace.firebase@example.com', full_name: 'grace.firebase', is_active: false },
    ],
  },
  {
    page: 'better-auth.md',
    password,
    files: {
      'better-auth.ndjson': ofLines(
        {
          user: {
            ...{
              id: 'u2Vq8mZ0cT4bJx9KfYw1sRhLdPnEaGoI',
              name: 'Ada Quill',
              email: 'ada.better@example.com',
              image: null,
            },
            ...{ emailVerified: true, createdAt: '2025-01-02T03:04:05.678', updatedAt: '2025-02-02T03:04:05.678' },
          },
          password:
            '8f14e45fceea167a5a36dedd4bea2543:f91fac2fbc2e1ff5d8f4f66fff6c93a53538e1f413c887bd8bb8c5cf7ed8e6078f41894972c3104f223e423e264c6b55748a78ea95ca086703015049bd9471fe',
        },
        {
          user: {
            ...{
              id: '6b1cc1a4-8c2b-4a1e-9a51-0f6bd0a7c001',
              name: '',
              email: 'grace.better@example.com',
              banned: true,
            },
            ...{ emailVerified: false, createdAt: '2025-01-02T03:04:05+00:00', updatedAt: '2025-02-02T03:04:05+00:00' },
          },
          password: null,
        },
      ),
    },
    users: [
      {
        ...{ email: 'ada.better@example.com', full_name: 'Ada Quill', email_verified: true, is_active: true },
        ...{ created_at: '2025-01-02T03:04:05.678Z', updated_at: '2025-02-02T03:04:05.678Z' },
      },
      {
        ...{ id: '6b1cc1a4-8c2b-4a1e-9a51-0f6bd0a7c001', email: 'grace.better@example.com' },
        ...{ full_name: 'grace.better', is_active: false },
      },
    ],
  },
  {
    page: 'django.md',
    password,
    files: {
      'django.json': JSON.stringify([
        {
          ...{ model: 'auth.user', pk: 42 },
          fields: {
            password: 'pbkdf2_sha256$2000$SodiumChloride42$GT6q+CpLgeqwp5SbFDKe0X8PZrGHnfFVraklZ8+MWDA=',
            ...{ last_login: null, is_superuser: true, username: 'ada', first_name: 'Ada', last_name: 'Quill' },
            ...{
              email: 'ada.django@example.com',
              is_staff: true,
              is_active: true,
              date_joined: '2023-01-02T03:04:05.678Z',
            },
            ...{ groups: [], user_permissions: [] },
          },
        },
        {
          ...{ model: 'auth.user', pk: 43 },
          fields: {
            ...{
              password: '!dQw4w9WgXcQdQw4w9WgXcQ',
              is_superuser: false,
              username: 'grace',
              first_name: '',
              last_name: '',
            },
            ...{
              email: 'grace.django@example.com',
              is_staff: false,
              is_active: false,
              date_joined: '2023-01-02T03:04:05',
            },
          },
        },
        { model: 'auth.user', pk: 44, fields: { password: '', username: 'robot', email: '', is_active: true } },
      ]),
    },
    users: [
      {
        ...{ id: '00000000-0000-8000-8000-000000000042', email: 'ada.django@example.com', full_name: 'Ada Quill' },
        ...{ role: 'admin', is_active: true, created_at: '2023-01-02T03:04:05.678Z' },
      },
      { email: 'grace.django@example.com', full_name: 'grace.django', role: 'user', is_active: false },
    ],
  },
];

describe('moving from other systems (needs jq)', function () {
  const app = useApp();
  let directory: string;
  before(async function () {
    if (spawnSync('jq', ['--version']).status !== 0) this.skip();
    directory = await mkdtemp(path.join(tmpdir(), 'latchkey-moving-'));
  });
  after(() => (directory ? rm(directory, { recursive: true }) : undefined));

  for (const { page, files, variables, password: known, users } of samples) {
    it(`works as ${page} says, and users keep their passwords`, async () => {
      const place = path.join(directory, page);
      for (const [name, content] of Object.entries(files)) {
        await mkdir(path.dirname(path.join(place, name)), { recursive: true });
        await writeFile(path.join(place, name), content);
      }
      const command = await commandWith(path.join(moving, page), 'jq -c');
      const shell = { cwd: place, env: { PATH: process.env['PATH'], ...variables } };
      await promisify(execFile)('bash', ['--norc', '-euo', 'pipefail', '-c', command], shell);

      const { status, stdout, stderr } = await runCommand(['users', 'import', path.join(place, 'users.ndjson')], {
        DATABASE_URL: app.databaseUrl,
        DATA_DIR: directory,
      });

      expect({ status, stdout, stderr }).to.deep.equal({ status: 0, stdout: `${users.length} imported\n`, stderr: '' });
      const { accessToken: token } = await app.signIn('admin');
      for (const user of users) {
        const { body } = await app.send('get', '/users', { token, query: { search: String(user['email']) } });
        expect((body as { items: Fields[] }).items[0]).to.include(user);
      }
      const lines = (await readFile(path.join(place, 'users.ndjson'), 'utf8')).split('\n').slice(0, -1);
      const signingIn = lines.map((line) => JSON.parse(line) as { email: string; password_hash: string | null });
      let signedIn = 0;
      for (const { email, password_hash: hash } of signingIn) {
        if (hash === null || hash === '' || hash.startsWith('!')) continue;
        const login = await app.send('post', '/auth/login', { json: { email, password: known } });
        expect(login.status, email).to.equal(200);
        signedIn += 1;
      }
      expect(signedIn).to.be.greaterThan(0);
    });
  }
});
