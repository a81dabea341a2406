import type { Knex } from 'knex';

export const config = { transaction: false };

const sortKeys = {
  created_at: 'created_at',
  updated_at: 'updated_at',
  email: 'email collate "C"',
  full_name: 'full_name',
};

/** Lists of users whose address nobody has verified come from indexes, however many others there are. */
export async function up(knex: Knex): Promise<void> {
  await down(knex);
  for (const [name, key] of Object.entries(sortKeys)) {
    await knex.raw(
      `create index concurrently users_unverified_${name}_idx on users (${key}, id) where deleted_at is null and email_verified_at is null`,
    );
  }
}

export async function down(knex: Knex): Promise<void> {
  for (const name of Object.keys(sortKeys)) {
    await knex.raw(`drop index concurrently if exists users_unverified_${name}_idx`);
  }
}
