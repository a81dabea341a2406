import type { Knex } from 'knex';

export const config = { transaction: false };

export async function up(knex: Knex): Promise<void> {
  await down(knex);
  await knex.raw(
    'create index concurrently users_deleted_at_idx on users (deleted_at) where deleted_at is not null and erased_at is null',
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop index concurrently if exists users_deleted_at_idx');
}
