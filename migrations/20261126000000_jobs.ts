import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('jobs', (table) => {
    table.uuid('id').primary({ constraintName: 'jobs_pkey' });
    table.text('name').notNullable();
    table.jsonb('payload').notNullable();
    table.boolean('is_recurring').notNullable().defaultTo(false);
    table.specificType('created_at', 'timestamptz(3)').notNullable().defaultTo(knex.fn.now());
    table.specificType('run_at', 'timestamptz(3)').notNullable().defaultTo(knex.fn.now());
    table.integer('attempts').notNullable().defaultTo(0);
    table.uuid('lease_id');
    table.text('last_error');
    table.specificType('dead_at', 'timestamptz(3)');
  });
  await knex.raw('create index jobs_run_at_idx on jobs (run_at) where dead_at is null');
  await knex.raw('create index jobs_dead_at_idx on jobs (dead_at) where dead_at is not null');
  await knex.raw('create unique index jobs_recurring_key on jobs (name) where is_recurring');
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('jobs');
}
