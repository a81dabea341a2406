/** Somebody about whom something is kept in every place there is. */
import { randomUUID } from 'node:crypto';
import type { TestApp } from './app.ts';
import { addEvent } from './events.ts';
import { newPerson, registration } from './people.ts';

export interface KnownPerson {
  /** What is in everything that was made of them: a word, and an address. */
  readonly marks: readonly string[];
  readonly id: string;
  readonly email: string;
  readonly password: string;
  readonly accessToken: string;
}

let count = 0;

/** Registers somebody whose address, name and program contain a marker, and leaves traces of them everywhere. */
export async function leaveTraces(app: TestApp): Promise<KnownPerson> {
  const { database, features } = app.context;
  const { pool } = database;
  count += 1;
  const [marker, address] = [`zanzibar${count}x`, `2001:db8::${count}:1`];
  const person = newPerson({ email: `${marker}@example.com`, fullName: `Zanzibar ${marker}` });
  const headers = { 'User-Agent': `${marker}/1.0` };

  const registered = await app.send('post', '/auth/register', {
    json: registration(person),
    headers: { ...headers, 'Idempotency-Key': randomUUID() },
  });
  const { id } = registered.body as { id: string };
  const json = { email: person.email, password: person.password };
  const { body: tokens } = await app.send('post', '/auth/login', { json, headers });
  for (let failure = 0; failure < 2; failure += 1)
    await app.send('post', '/auth/login', { json: { ...json, password: 'another password' }, headers });

  const client = { address, userAgent: `${marker}/2.0`, requestId: randomUUID() };
  await addEvent(app, { type: 'email.changed', userId: id, actorId: id, client, details: { from: person.email } });
  await features.notices.service.send(pool, {
    userId: id,
    notice: 'password_changed',
    values: { at: new Date().toISOString() },
    to: person.email,
  });
  await app.context.jobs.enqueue(pool, { name: 'of_a_stranger', payload: { who: { email: person.email } } });
  await pool('jobs').where({ name: 'of_a_stranger' }).update({ dead_at: new Date(), last_error: 'it broke' });
  await pool('one_time_secrets').insert({
    secret_hash: Buffer.from(randomUUID()),
    purpose: 'password_reset',
    user_id: id,
    email: person.email,
    expires_at: new Date(Date.now() + 3_600_000),
  });
  await pool('factors').insert({ id: randomUUID(), user_id: id, kind: 'totp', name: `Phone of ${marker}` });
  await pool('login_challenges').insert({
    token_hash: Buffer.from(randomUUID()),
    user_id: id,
    credentials_version: 1,
    methods: ['password'],
    device: marker,
    expires_at: new Date(Date.now() + 300_000),
  });
  const factor = { id: randomUUID(), user_id: id, kind: 'passkey', name: `Laptop of ${marker}` };
  await pool('factors').insert(factor);
  await pool('passkeys').insert({
    factor_id: factor.id,
    credential_id: Buffer.from(marker),
    public_key: Buffer.from('a key'),
    sign_count: 0,
    transports: ['internal'],
    is_backup_eligible: true,
    is_backed_up: true,
    aaguid: randomUUID(),
  });
  await pool('passkey_challenges').insert({
    challenge_hash: Buffer.from(randomUUID()),
    purpose: 'registration',
    user_id: id,
    expires_at: new Date(Date.now() + 600_000),
  });
  await pool('pictures').insert({
    user_id: id,
    tag: marker,
    media_type: 'image/png',
    width: 3,
    height: 2,
    bytes: Buffer.from(`a picture of ${marker}`),
  });
  await pool('users').where({ id }).update({ picture_tag: 'zanzibar-zanzibar-zanz' });
  await pool('recovery_codes').insert({ code_hash: Buffer.from(randomUUID()), user_id: id });
  await pool('email_codes').insert({
    mail_id: randomUUID(),
    user_id: id,
    email: person.email,
    credentials_version: 1,
    expires_at: new Date(Date.now() + 600_000),
  });
  await pool('pending_registrations').insert({
    id: randomUUID(),
    email: person.email,
    full_name: person.fullName,
    password_hash: 'none',
    created_at: new Date(Date.now() - 60 * 86_400_000),
    expires_at: new Date(Date.now() + 3_600_000),
  });
  await pool('users')
    .where({ id })
    .update({ pending_email: `new-${person.email}` });
  return {
    marks: [marker, address],
    id,
    email: person.email,
    password: person.password,
    accessToken: tokens.access_token as string,
  };
}

/** The tables that refer to a user or hold what a user wrote, by their columns. */
export async function tablesAboutUsers({ context }: TestApp): Promise<string[]> {
  const { rows } = await context.database.pool.raw<{ rows: { name: string }[] }>(`
    select distinct relname::text as name from pg_class
      join pg_namespace on pg_namespace.oid = relnamespace
      join pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped
      left join pg_constraint on conrelid = pg_class.oid and contype = 'f' and attnum = any(conkey)
    where nspname = current_schema() and relkind in ('r', 'p') and (
      relname = 'users' or confrelid = to_regclass('users')
      or attname ~ '(^|_)(user|actor|principal|owner|account|creator|subject|member)(_id|)$'
      or attname ~ '(email|full_name|address|phone)' or attname in ('payload', 'credential_id'))
    order by name`);
  return rows.map(({ name }) => name);
}

/** Every row of every table as text, by table. */
export async function dump({ context }: TestApp): Promise<Map<string, string[]>> {
  const { pool } = context.database;
  const { rows: tables } = await pool.raw<{ rows: { name: string }[] }>(
    'select tablename as name from pg_tables where schemaname = current_schema()',
  );
  const dumped = new Map<string, string[]>();
  for (const { name } of tables) {
    const { rows } = await pool.raw<{ rows: { text: string }[] }>('select every::text as text from ?? as every', [
      name,
    ]);
    dumped.set(
      name,
      rows.map(({ text }) => text),
    );
  }
  return dumped;
}

/** The rows that contain one of these words, by table. */
export async function rowsWith(app: TestApp, words: readonly string[]): Promise<Record<string, string[]>> {
  const found = [...(await dump(app))].map(([table, rows]) => [
    table,
    rows.filter((row) => words.some((word) => row.toLowerCase().includes(word.toLowerCase()))),
  ]);
  return Object.fromEntries(found.filter(([, rows]) => rows!.length > 0)) as Record<string, string[]>;
}
