import type { Knex } from 'knex';

export const config = { transaction: false };

const sortKeys = {
  created_at: 'created_at',
  updated_at: 'updated_at',
  email: 'email collate "C"',
  full_name: 'full_name',
};

/** Lists of moderators, administrators or inactive users come from indexes, however many others there are. */
export async function up(knex: Knex): Promise<void> {
  await down(knex);
  for (const [name, key] of Object.entries(sortKeys)) {
    await knex.raw(
      `create index concurrently users_role_${name}_idx on users (role, ${key}, id) where deleted_at is null and role <> 'user'`,
    );
    await knex.raw(
      `create index concurrently users_inactive_${name}_idx on users (${key}, id) where deleted_at is null and not is_active`,
    );
  }
}

export async function down(knex: Knex): Promise<void> {
  for (const name of Object.keys(sortKeys)) {
    await knex.raw(`drop index concurrently if exists users_role_${name}_idx`);
    await knex.raw(`drop index concurrently if exists users_inactive_${name}_idx`);
  }
}
