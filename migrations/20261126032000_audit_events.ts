import type { Knex } from 'knex';

/** Events can be added and read. All else is refused to everybody, except through the two functions. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('audit_events', (table) => {
    table.uuid('id').primary({ constraintName: 'audit_events_pkey' });
    table.specificType('created_at', 'timestamptz(3)').notNullable().defaultTo(knex.fn.now());
    table.text('type').notNullable();
    table.text('outcome').notNullable();
    // No foreign keys: events outlast what they are about.
    table.uuid('user_id');
    table.uuid('actor_id');
    table.uuid('session_id');
    table.text('request_id');
    table.text('ip_address');
    table.text('user_agent');
    table.jsonb('details').notNullable().defaultTo('{}');
    table.check(`outcome in ('success', 'failure')`, [], 'audit_events_outcome_check');
    table.index(['created_at', 'id'], 'audit_events_created_at_idx');
    table.index(['user_id', 'created_at', 'id'], 'audit_events_user_id_idx');
    table.index(['actor_id', 'created_at', 'id'], 'audit_events_actor_id_idx');
    table.index(['type', 'created_at', 'id'], 'audit_events_type_idx');
  });
  await knex.raw(`create index audit_events_failure_idx on audit_events (created_at, id) where outcome = 'failure'`);

  await knex.raw(`
    create function refuse_audit_change() returns trigger language plpgsql as $$
    begin
      if current_setting('latchkey.audit_upkeep', true) is distinct from 'on' or tg_op = 'TRUNCATE' then
        raise exception 'audit events are never changed'
          using errcode = 'insufficient_privilege', hint = 'They expire after AUDIT_RETENTION_DAYS.';
      end if;
      return null;
    end $$`);
  await knex.raw(`
    create trigger audit_events_are_kept before update or delete or truncate on audit_events
    for each statement execute function refuse_audit_change()`);

  const { rows } = await knex.raw<{ rows: [{ path: string }] }>(
    `select quote_ident(current_schema()) || ', pg_temp' as path`,
  );
  const [{ path }] = rows;
  // Both run with the rights of their owner, whoever calls them, and find nothing that a caller could have put in the way.
  await knex.raw(`
    create function expire_audit_events(retention_days integer, most integer) returns integer
    language plpgsql security definer set search_path = ${path} as $$
    declare
      deleted integer;
    begin
      if retention_days is null or retention_days < 30 then
        raise exception 'audit events are kept for at least 30 days' using errcode = 'invalid_parameter_value';
      end if;
      perform set_config('latchkey.audit_upkeep', 'on', true);
      delete from audit_events where id = any(array(
        select id from audit_events where created_at < now() - make_interval(days => retention_days)
        order by created_at, id limit most for update skip locked));
      get diagnostics deleted = row_count;
      perform set_config('latchkey.audit_upkeep', '', true);
      return deleted;
    end $$`);
  await knex.raw(`
    create function erase_audit_events_of(erased_id uuid) returns integer
    language plpgsql security definer set search_path = ${path} as $$
    declare
      erased integer;
    begin
      if exists (select from users where id = erased_id and deleted_at is null) then
        raise exception 'user % was not deleted', erased_id using errcode = 'object_not_in_prerequisite_state';
      end if;
      perform set_config('latchkey.audit_upkeep', 'on', true);
      -- What somebody else did keeps where they did it from, and what the user did to others keeps its details.
      update audit_events set
        ip_address = case when coalesce(actor_id, user_id) = erased_id then null else ip_address end,
        user_agent = case when coalesce(actor_id, user_id) = erased_id then null else user_agent end,
        details = case when user_id = erased_id then '{}' else details end
      where user_id = erased_id or actor_id = erased_id;
      get diagnostics erased = row_count;
      perform set_config('latchkey.audit_upkeep', '', true);
      return erased;
    end $$`);
  await knex.raw(
    'revoke all on function expire_audit_events(integer, integer), erase_audit_events_of(uuid) from public',
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('audit_events');
  await knex.raw(
    'drop function expire_audit_events(integer, integer), erase_audit_events_of(uuid), refuse_audit_change()',
  );
}
