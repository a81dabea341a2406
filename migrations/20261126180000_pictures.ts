import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('pictures', (table) => {
    table
      .uuid('user_id')
      .primary({ constraintName: 'pictures_pkey' })
      .references('users.id')
      .withKeyName('pictures_user_id_fkey')
      .onDelete('CASCADE');
    table.text('tag').notNullable();
    table.text('media_type').notNullable();
    table.integer('width').notNullable();
    table.integer('height').notNullable();
    table.binary('bytes').notNullable();
    table.specificType('changed_at', 'timestamptz(3)').notNullable().defaultTo(knex.fn.now());
  });
  // Pictures are compressed already.
  await knex.raw('alter table pictures alter column bytes set storage external');
  await knex.schema.alterTable('users', (table) => {
    table.text('picture_tag');
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('users', (table) => {
    table.dropColumn('picture_tag');
  });
  await knex.schema.dropTable('pictures');
}
