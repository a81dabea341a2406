import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('email_codes', (table) => {
    table.uuid('mail_id').primary({ constraintName: 'email_codes_pkey' });
    table
      .uuid('user_id')
      .notNullable()
      .references('id')
      .inTable('users')
      .withKeyName('email_codes_user_id_fkey')
      .onDelete('CASCADE');
    table.text('email').notNullable();
    table.integer('credentials_version').notNullable();
    table.integer('attempts').notNullable().defaultTo(0);
    table.specificType('created_at', 'timestamptz(3)').notNullable().defaultTo(knex.fn.now());
    table.specificType('expires_at', 'timestamptz(3)').notNullable();
    table.specificType('ended_at', 'timestamptz(3)');
    table.index(['user_id'], 'email_codes_user_id_idx');
    table.index(['email', 'created_at'], 'email_codes_email_idx');
    table.index(['expires_at'], 'email_codes_expires_at_idx');
  });
  await knex.raw('create unique index email_codes_open_key on email_codes (user_id) where ended_at is null');
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('email_codes');
}
