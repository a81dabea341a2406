import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw('create extension if not exists pg_trgm');

  await knex.schema.createTable('users', (table) => {
    table.uuid('id').primary({ constraintName: 'users_pkey' });
    table.text('email').notNullable();
    table.specificType('full_name', 'text collate "und-x-icu"').notNullable();
    table.text('role').notNullable();
    table.boolean('is_active').notNullable().defaultTo(true);
    table.text('password_hash').notNullable();
    table.integer('version').notNullable().defaultTo(1);
    table.specificType('created_at', 'timestamptz(3)').notNullable().defaultTo(knex.fn.now());
    table.specificType('updated_at', 'timestamptz(3)').notNullable().defaultTo(knex.fn.now());
    table.specificType('deleted_at', 'timestamptz(3)');
    table.check(`role in ('user', 'moderator', 'admin')`, [], 'users_role_check');
  });
  await knex.raw('create unique index users_email_key on users (email) where deleted_at is null');
  await knex.raw('create index users_created_at_idx on users (created_at, id) where deleted_at is null');
  await knex.raw('create index users_updated_at_idx on users (updated_at, id) where deleted_at is null');
  await knex.raw('create index users_full_name_idx on users (full_name, id) where deleted_at is null');
  await knex.raw('create index users_search_idx on users using gin (email gin_trgm_ops, full_name gin_trgm_ops)');

  await knex.schema.createTable('sessions', (table) => {
    table.uuid('id').primary({ constraintName: 'sessions_pkey' });
    table.uuid('user_id').notNullable().references('users.id').withKeyName('sessions_user_id_fkey').onDelete('CASCADE');
    table.specificType('created_at', 'timestamptz(3)').notNullable().defaultTo(knex.fn.now());
    table.specificType('expires_at', 'timestamptz(3)').notNullable();
    table.specificType('ended_at', 'timestamptz(3)');
    table.index(['user_id'], 'sessions_user_id_idx');
    table.index(['expires_at'], 'sessions_expires_at_idx');
  });

  await knex.schema.createTable('refresh_tokens', (table) => {
    table.binary('token_hash').primary({ constraintName: 'refresh_tokens_pkey' });
    table
      .uuid('session_id')
      .notNullable()
      .references('sessions.id')
      .withKeyName('refresh_tokens_session_id_fkey')
      .onDelete('CASCADE');
    table.specificType('created_at', 'timestamptz(3)').notNullable().defaultTo(knex.fn.now());
    table.specificType('used_at', 'timestamptz(3)');
    table.index(['session_id'], 'refresh_tokens_session_id_idx');
  });

  await knex.schema.createTable('idempotency_keys', (table) => {
    table.binary('key_hash').primary({ constraintName: 'idempotency_keys_pkey' });
    table.binary('fingerprint').notNullable();
    table.integer('status').notNullable();
    table.jsonb('headers').notNullable();
    table.text('body').notNullable();
    table.specificType('expires_at', 'timestamptz(3)').notNullable();
    table.index(['expires_at'], 'idempotency_keys_expires_at_idx');
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('idempotency_keys');
  await knex.schema.dropTable('refresh_tokens');
  await knex.schema.dropTable('sessions');
  await knex.schema.dropTable('users');
}
