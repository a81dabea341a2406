import type { Knex } from 'knex';

export const config = { transaction: false };

export async function up(knex: Knex): Promise<void> {
  await down(knex);
  await knex.raw(
    'create unique index concurrently jobs_name_key_key on jobs (name, key) where key is not null and dead_at is null',
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop index concurrently if exists jobs_name_key_key');
}
