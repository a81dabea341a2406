import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('factors', (table) => {
    table.uuid('id').primary({ constraintName: 'factors_pkey' });
    table.uuid('user_id').notNullable().references('users.id').withKeyName('factors_user_id_fkey').onDelete('CASCADE');
    table.text('kind').notNullable();
    table.text('name').notNullable();
    table.specificType('created_at', 'timestamptz(3)').notNullable().defaultTo(knex.fn.now());
    table.specificType('confirmed_at', 'timestamptz(3)');
    table.specificType('last_used_at', 'timestamptz(3)');
    table.index(['user_id'], 'factors_user_id_idx');
  });
  await knex.raw('create index factors_unconfirmed_idx on factors (created_at) where confirmed_at is null');
  await knex.schema.createTable('totp_seeds', (table) => {
    table
      .uuid('factor_id')
      .primary({ constraintName: 'totp_seeds_pkey' })
      .references('factors.id')
      .withKeyName('totp_seeds_factor_id_fkey')
      .onDelete('CASCADE');
    table.binary('seed').notNullable();
    table.bigInteger('last_step').notNullable().defaultTo(0);
  });
  await knex.schema.createTable('recovery_codes', (table) => {
    table.binary('code_hash').primary({ constraintName: 'recovery_codes_pkey' });
    table
      .uuid('user_id')
      .notNullable()
      .references('users.id')
      .withKeyName('recovery_codes_user_id_fkey')
      .onDelete('CASCADE');
    table.specificType('created_at', 'timestamptz(3)').notNullable().defaultTo(knex.fn.now());
    table.specificType('used_at', 'timestamptz(3)');
    table.index(['user_id'], 'recovery_codes_user_id_idx');
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('recovery_codes');
  await knex.schema.dropTable('totp_seeds');
  await knex.schema.dropTable('factors');
}
