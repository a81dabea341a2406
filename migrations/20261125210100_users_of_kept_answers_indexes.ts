import type { Knex } from 'knex';

export const config = { transaction: false };

export async function up(knex: Knex): Promise<void> {
  await down(knex);
  await knex.raw('create index concurrently idempotency_keys_user_id_idx on idempotency_keys (user_id)');
  await knex.raw('create index concurrently idempotency_keys_principal_id_idx on idempotency_keys (principal_id)');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop index concurrently if exists idempotency_keys_user_id_idx');
  await knex.raw('drop index concurrently if exists idempotency_keys_principal_id_idx');
}
