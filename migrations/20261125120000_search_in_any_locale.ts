import type { Knex } from 'knex';

export const config = { transaction: false };

/** Lists are searched and sorted alike whatever the database's locale: names in lower case by their own collation, addresses by bytes. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('drop index concurrently if exists users_name_search_idx');
  await knex.raw(
    'create index concurrently users_name_search_idx on users using gin ((lower(full_name)) gin_trgm_ops)',
  );
  await knex.raw('drop index concurrently if exists users_email_sort_idx');
  await knex.raw(
    'create index concurrently users_email_sort_idx on users (email collate "C", id) where deleted_at is null',
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop index concurrently if exists users_email_sort_idx');
  await knex.raw('drop index concurrently if exists users_name_search_idx');
}
