import type { Knex } from 'knex';

export const config = { transaction: false };

const columns = ['user_id', 'principal_id'];

export async function up(knex: Knex): Promise<void> {
  await down(knex);
  for (const column of columns) {
    await knex.raw('create index concurrently ?? on idempotency_keys (??)', [`idempotency_keys_${column}_idx`, column]);
  }
}

export async function down(knex: Knex): Promise<void> {
  for (const column of columns) {
    await knex.raw('drop index concurrently if exists ??', [`idempotency_keys_${column}_idx`]);
  }
}
