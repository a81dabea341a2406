import type { Db } from './database.ts';

// Tables in order of creation, each with its indexes and triggers. PostgreSQL itself writes every definition.
const statements = `
  with ours as (
    select oid, relname, relkind from pg_class
    where relnamespace = 'public'::regnamespace and relname not like 'migrations%'
  ), lines as (
    select attrelid as relation, 1 as part, attnum::text as place, concat_ws(' ',
      rpad(quote_ident(attname), max(length(quote_ident(attname))) over (partition by attrelid)),
      format_type(atttypid, atttypmod),
      case when attcollation <> typcollation then 'COLLATE ' || attcollation::regcollation end,
      case when attnotnull then 'NOT NULL' end,
      'DEFAULT ' || pg_get_expr(adbin, adrelid)) as line
    from ours join pg_attribute on attrelid = ours.oid join pg_type on pg_type.oid = atttypid
      left join pg_attrdef on adrelid = attrelid and adnum = attnum
    where relkind in ('r', 'p') and attnum > 0 and not attisdropped
    union all
    select conrelid, 2, array_position('{p,u,f,c,x}', contype) || conname,
      format('CONSTRAINT %I %s', conname, pg_get_constraintdef(pg_constraint.oid, true))
    from pg_constraint where conrelid in (select oid from ours) and contype in ('p', 'u', 'f', 'c', 'x')
  ), made as (
    select 1 as part, 0::oid as relation, 1 as place, extname::text as name, format('CREATE EXTENSION %I;', extname) as statement
    from pg_extension where extname <> 'plpgsql'
    union all
    select 1, 0, 2, typname, format('CREATE TYPE %I AS ENUM (%s);', typname,
      (select string_agg(quote_literal(enumlabel), ', ' order by enumsortorder) from pg_enum where enumtypid = pg_type.oid))
    from pg_type where typtype = 'e' and typnamespace = 'public'::regnamespace
    union all
    select 1, 0, 3, proname, pg_get_functiondef(oid) || ';' from pg_proc
    where pronamespace = 'public'::regnamespace and not exists (select from pg_depend where objid = pg_proc.oid and deptype = 'e')
    union all
    select 1, 0, 4, relname, format('CREATE SEQUENCE %I;', relname) from ours where relkind = 'S'
    union all
    select 2, oid, 1, relname, format(E'CREATE TABLE %I (\\n  %s\\n);', relname,
      (select string_agg(line, E',\\n  ' order by part, lpad(place, 3), place) from lines where relation = ours.oid))
    from ours where relkind in ('r', 'p')
    union all
    select 2, indrelid, 2, indexrelid::regclass::text, pg_get_indexdef(indexrelid, 0, true) || ';'
      || case when not indisvalid then ' -- invalid' else '' end
    from pg_index where indrelid in (select oid from ours) and indexrelid not in (select conindid from pg_constraint)
    union all
    select 2, tgrelid, 3, tgname, pg_get_triggerdef(oid, true) || ';'
    from pg_trigger where tgrelid in (select oid from ours) and not tgisinternal
    union all
    select 3, oid, 1, relname, format(E'CREATE VIEW %I AS\\n%s', relname, pg_get_viewdef(oid, true)) from ours where relkind in ('v', 'm')
  )
  select relation, statement from made order by part, relation, place, name`;

const head = `-- The schema that the migrations create. Change it with a migration, then run: npm run migrate -- schema\n\n`;

/** The schema that the migrations created, without knex's own tables, as SQL: the content of migrations/schema.sql. */
export async function describeSchema(db: Db): Promise<string> {
  const { rows } = await db.raw<{ rows: { relation: number; statement: string }[] }>(statements);
  const lines = rows.map(({ relation, statement }, index) => {
    const beginsTable = index > 0 && rows[index - 1]?.relation !== relation;
    return `${beginsTable ? '\n' : ''}${statement.replace(' USING btree', '')}\n`;
  });
  return head + lines.join('');
}
