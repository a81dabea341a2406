import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('guess_counts', (table) => {
    // Keyed hashes: nobody's address is stored. An empty source counts all that come from unknown devices.
    table.binary('account').notNullable();
    table.binary('source').notNullable();
    table.integer('failures').notNullable();
    table.specificType('retry_at', 'timestamptz');
    table.specificType('expires_at', 'timestamptz').notNullable();
    table.primary(['account', 'source'], { constraintName: 'guess_counts_pkey' });
  });
  await knex.raw('create index guess_counts_expires_at_idx on guess_counts (expires_at)');
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('guess_counts');
}
