/** Many users for a benchmark, added by COPY. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { v7 as createId } from 'uuid';

// Every fifth is not Latin; 'anna' is frequent, 'quartermain' is somebody's alone.
const givenNames = ['Anna', 'Joanna', 'Wei', 'José', 'Zoë', 'Omar', 'Иван', 'Ольга', '伟', 'Ngozi', 'Lars', 'Priya'];
const familyNames = [
  'Smith',
  'Müller',
  'García',
  'Иванов',
  'Петрова',
  '田中',
  '王',
  'Okafor',
  'Nguyễn',
  'Rossi',
  'Kowalski',
];
const rowsAtOnce = 10_000;

/** Sends rows when PostgreSQL asks for them; pg itself refuses to. */
class CopyFrom extends pg.Query {
  readonly #rows: string;

  constructor(table: string, rows: string, done: (error: Error | undefined) => void) {
    super(`copy ${table} from stdin`, done);
    this.#rows = rows;
  }

  handleCopyInResponse(connection: { sendCopyFromChunk(chunk: Buffer): void; endCopyFrom(): void }): void {
    connection.sendCopyFromChunk(Buffer.from(this.#rows));
    connection.endCopyFrom();
  }
}

/** Adds users like `addPeople`, with hashes, to the indexes as they are: those grow as they do when people register one by one. */
export async function registerPeople(client: pg.Client, count: number, passwordHash: string): Promise<void> {
  await addRows(client, count, passwordHash, () => {});
  await client.query('vacuum analyze users');
}

/**
 * Adds users: 1 % moderators, 3 % inactive, the oldest first, a second apart. The indexes for searching are built afterwards, which
 * takes a fraction of the time.
 */
export async function addPeople(client: pg.Client, count: number, say: (text: string) => void): Promise<void> {
  const { rows: indexes } = await client.query<{ name: string; definition: string }>(
    `select indexname as name, indexdef as definition from pg_indexes
    where tablename = 'users' and schemaname = current_schema() and indexdef not like '%UNIQUE%'`,
  );
  await client.query(`set maintenance_work_mem = '256MB'`);
  for (const { name } of indexes) await client.query(`drop index ${name}`);
  await addRows(client, count, '', say);
  for (const { name, definition } of indexes) {
    if (count > rowsAtOnce) say(`building ${name}`);
    await client.query(definition);
  }
  await client.query('vacuum analyze');
}

async function addRows(client: pg.Client, count: number, passwordHash: string, say: (text: string) => void) {
  const began = Date.now() - count * 1000;
  for (let added = 0; added < count; added += rowsAtOnce) {
    const size = Math.min(rowsAtOnce, count - added);
    const rows = Array.from({ length: size }, (_, index) => rowOf(added + index, count, began, passwordHash));
    await copy(client, rows.join(''));
    if ((added / rowsAtOnce) % 10 === 9) say(`${(added + size).toLocaleString('en')} of ${count.toLocaleString('en')}`);
  }
}

function copy(client: pg.Client, rows: string): Promise<void> {
  const table =
    'users (id, email, full_name, role, is_active, password_hash, email_verified_at, created_at, updated_at)';
  return new Promise((resolve, reject) => {
    client.query(new CopyFrom(table, rows, (error) => (error ? reject(error) : resolve())));
  });
}

function rowOf(index: number, count: number, began: number, passwordHash: string): string {
  const time = new Date(began + index * 1000);
  const mark = randomBytes(4).toString('hex');
  const givenName = givenNames[index % givenNames.length]!;
  const familyName = index === count >> 1 ? 'Quartermain' : familyNames[index % familyNames.length]!;
  const row = [
    createId({ msecs: time.getTime() }),
    `${mark}.${index}@example.${index % 3 === 0 ? 'org' : 'com'}`,
    `${givenName} ${familyName}`,
    index % 100 === 1 ? 'moderator' : 'user',
    index % 33 !== 2,
    passwordHash,
    index % 20 === 3 ? String.raw`\N` : time.toISOString(),
    time.toISOString(),
    time.toISOString(),
  ];
  return `${row.join('\t')}\n`;
}
