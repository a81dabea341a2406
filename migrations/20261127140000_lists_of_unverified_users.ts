import type { Knex } from 'knex';

export const config = { transaction: false };

const sortKeys = ['created_at', 'updated_at'];

/**
 * Users whose address nobody has verified are often the latest, so lists of them by time would be found at the end of everybody. By name
 * or address, they are spread among the others.
 */
export async function up(knex: Knex): Promise<void> {
  await down(knex);
  for (const key of sortKeys) {
    await knex.raw(
      `create index concurrently users_unverified_${key}_idx on users (${key}, id) where deleted_at is null and email_verified_at is null`,
    );
  }
}

export async function down(knex: Knex): Promise<void> {
  for (const key of sortKeys) await knex.raw(`drop index concurrently if exists users_unverified_${key}_idx`);
}
