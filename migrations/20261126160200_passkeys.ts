import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('passkeys', (table) => {
    table
      .uuid('factor_id')
      .primary({ constraintName: 'passkeys_pkey' })
      .references('factors.id')
      .withKeyName('passkeys_factor_id_fkey')
      .onDelete('CASCADE');
    table.binary('credential_id').notNullable().unique({ indexName: 'passkeys_credential_id_key' });
    table.binary('public_key').notNullable();
    table.bigInteger('sign_count').notNullable();
    table.specificType('transports', 'text[]').notNullable();
    table.boolean('is_backup_eligible').notNullable();
    table.boolean('is_backed_up').notNullable();
    table.uuid('aaguid').notNullable();
  });
  await knex.schema.createTable('passkey_challenges', (table) => {
    table.binary('challenge_hash').primary({ constraintName: 'passkey_challenges_pkey' });
    table.text('purpose').notNullable();
    table.uuid('user_id').references('users.id').withKeyName('passkey_challenges_user_id_fkey').onDelete('CASCADE');
    table.specificType('created_at', 'timestamptz(3)').notNullable().defaultTo(knex.fn.now());
    table.specificType('expires_at', 'timestamptz(3)').notNullable();
    table.index(['user_id'], 'passkey_challenges_user_id_idx');
    table.index(['expires_at'], 'passkey_challenges_expires_at_idx');
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('passkey_challenges');
  await knex.schema.dropTable('passkeys');
}
