/** All that migrations make, as lines to compare: tables, columns, constraints, indexes, functions, triggers, types, views. */
import type { Db } from '../../src/platform/database/database.ts';

const listing = `
  with ours as (
    select oid, relname from pg_class
    where relnamespace = 'public'::regnamespace and relname not like 'migrations%'
  ), own_function as (
    select oid from pg_proc
    where pronamespace = 'public'::regnamespace
      and not exists (select from pg_depend where objid = pg_proc.oid and deptype = 'e')
  )
  select format('relation %s %s', relkind, relname) as line from pg_class where oid in (select oid from ours)
  union all
  select format('column %s.%s %s%s %s %s', relname, attname, format_type(atttypid, atttypmod),
    case when attnotnull then ' not null' end, pg_get_expr(adbin, adrelid), attcollation::regcollation)
  from ours join pg_attribute on attrelid = ours.oid and attnum > 0 and not attisdropped
    left join pg_attrdef on adrelid = attrelid and adnum = attnum
  union all
  select format('constraint %s %s %s', conname, pg_get_constraintdef(pg_constraint.oid), convalidated)
  from pg_constraint where conrelid in (select oid from ours)
  union all
  select format('index %s valid %s', pg_get_indexdef(indexrelid), indisvalid) from pg_index where indrelid in (select oid from ours)
  union all
  select pg_get_functiondef(oid) from own_function
  union all
  select pg_get_triggerdef(oid) from pg_trigger where not tgisinternal and tgrelid in (select oid from ours)
  union all
  select format('view %s %s', viewname, definition) from pg_views where schemaname = 'public'
  union all
  select format('enum %s %s', enumtypid::regtype, enumlabel) from pg_enum
  order by 1`;

export async function listSchema(db: Db): Promise<string[]> {
  const { rows } = await db.raw<{ rows: { line: string }[] }>(listing);
  return rows.map(({ line }) => line);
}
