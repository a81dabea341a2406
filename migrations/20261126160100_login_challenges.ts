import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('login_challenges', (table) => {
    table.binary('token_hash').primary({ constraintName: 'login_challenges_pkey' });
    table
      .uuid('user_id')
      .notNullable()
      .references('users.id')
      .withKeyName('login_challenges_user_id_fkey')
      .onDelete('CASCADE');
    table.integer('credentials_version').notNullable();
    table.specificType('methods', 'text[]').notNullable();
    table
      .uuid('session_id')
      .references('sessions.id')
      .withKeyName('login_challenges_session_id_fkey')
      .onDelete('CASCADE');
    table.text('device');
    table.integer('attempts').notNullable().defaultTo(0);
    table.specificType('created_at', 'timestamptz(3)').notNullable().defaultTo(knex.fn.now());
    table.specificType('expires_at', 'timestamptz(3)').notNullable();
    table.specificType('used_at', 'timestamptz(3)');
    table.index(['user_id'], 'login_challenges_user_id_idx');
    table.index(['session_id'], 'login_challenges_session_id_idx');
    table.index(['expires_at'], 'login_challenges_expires_at_idx');
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('login_challenges');
}
