import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('users', (table) => {
    table.specificType('email_verified_at', 'timestamptz(3)');
    table.text('pending_email');
    table.boolean('is_provisional').notNullable().defaultTo(false);
  });
  await knex.schema.createTable('pending_registrations', (table) => {
    table.uuid('id').primary({ constraintName: 'pending_registrations_pkey' });
    table.text('email').notNullable();
    table.text('full_name').notNullable();
    table.text('password_hash').notNullable();
    table.specificType('created_at', 'timestamptz(3)').notNullable().defaultTo(knex.fn.now());
    table.specificType('expires_at', 'timestamptz(3)').notNullable();
    table.index(['email', 'created_at'], 'pending_registrations_email_idx');
    table.index(['expires_at'], 'pending_registrations_expires_at_idx');
  });
  await knex.schema.createTable('one_time_secrets', (table) => {
    table.binary('secret_hash').primary({ constraintName: 'one_time_secrets_pkey' });
    table.text('purpose').notNullable();
    table.uuid('user_id').references('users.id').withKeyName('one_time_secrets_user_id_fkey').onDelete('CASCADE');
    table
      .uuid('registration_id')
      .references('pending_registrations.id')
      .withKeyName('one_time_secrets_registration_id_fkey')
      .onDelete('CASCADE');
    table.text('email').notNullable();
    table.integer('credentials_version');
    table.uuid('mail_id');
    table.specificType('created_at', 'timestamptz(3)').notNullable().defaultTo(knex.fn.now());
    table.specificType('expires_at', 'timestamptz(3)').notNullable();
    table.specificType('used_at', 'timestamptz(3)');
    table.index(['user_id'], 'one_time_secrets_user_id_idx');
    table.index(['registration_id'], 'one_time_secrets_registration_id_idx');
    table.index(['email', 'created_at'], 'one_time_secrets_email_idx');
    table.index(['expires_at'], 'one_time_secrets_expires_at_idx');
  });
  await knex.raw(
    'alter table one_time_secrets add constraint one_time_secrets_owner_check check (num_nonnulls(user_id, registration_id) = 1)',
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('one_time_secrets');
  await knex.schema.dropTable('pending_registrations');
  await knex.schema.alterTable('users', (table) => {
    table.dropColumns('email_verified_at', 'pending_email', 'is_provisional');
  });
}
