import type { Knex } from 'knex';

export const config = { transaction: false };

const sortKeys = {
  created_at: 'created_at',
  updated_at: 'updated_at',
  email: 'email collate "C"',
  full_name: 'full_name',
};

/** Inactive moderators are listed and counted without fetching every moderator, or everybody who is inactive. */
export async function up(knex: Knex): Promise<void> {
  await down(knex);
  for (const [name, key] of Object.entries(sortKeys)) {
    await knex.raw(
      `create index concurrently users_inactive_role_${name}_idx on users (role, ${key}, id) where deleted_at is null and not is_active and role <> 'user'`,
    );
  }
}

export async function down(knex: Knex): Promise<void> {
  for (const name of Object.keys(sortKeys)) {
    await knex.raw(`drop index concurrently if exists users_inactive_role_${name}_idx`);
  }
}
