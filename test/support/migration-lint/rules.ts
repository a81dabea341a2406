/** Finds what a migration must not do while the previous release serves: hold a lock for long, or remove what that release uses. */
import type { AlterTableCmd, AlterTableStmt, Constraint, DropStmt, Node } from 'libpg-query';
import type { Recording } from './recording.ts';

/** Each problem of a migration in one sentence, with its remedy. */
export function lintMigration(recording: Recording): string[] {
  const problems = recording.statements.flatMap((statement, index) => [
    ...judge(statement, recording),
    ...(recording.transaction ? [] : judgeOutside(statement, recording.statements.slice(0, index))),
  ]);
  const rewrites = recording.rewritten.map(
    (table) =>
      `rewrites ${table} under a lock; add another column, fill it in batches, and drop the old one a release later`,
  );
  return [...new Set([...problems, ...rewrites])].map((problem) => `${recording.name} ${problem}`);
}

const kindOf = (statement: Node) => Object.keys(statement)[0] ?? '';

// These don't touch existing tables, or are done at once.
const harmless = new Set([
  'SelectStmt',
  'CreateStmt',
  'CreateExtensionStmt',
  'CreateFunctionStmt',
  'CreateEnumStmt',
  'CreateDomainStmt',
  'CreateSchemaStmt',
  'CreateSeqStmt',
  'CreateStatsStmt',
  'AlterEnumStmt',
  'AlterSeqStmt',
  'ViewStmt',
  'CommentStmt',
  'GrantStmt',
  'VariableSetStmt',
  'TransactionStmt',
]);

function judge(statement: Node, recording: Recording): string[] {
  const { before, transaction } = recording;
  const isOld = (table: string | undefined) => table !== undefined && before.tables.has(table);
  if ('IndexStmt' in statement) {
    const { relation, idxname, concurrent } = statement.IndexStmt;
    if (concurrent || !isOld(relation?.relname)) return [];
    return [
      `makes the index ${idxname ?? ''} on ${relation?.relname ?? ''} while nobody can write; make it concurrently, outside a transaction`,
    ];
  }
  if ('AlterTableStmt' in statement) return judgeAlter(statement.AlterTableStmt, recording);
  if ('DropStmt' in statement) return judgeDrop(statement.DropStmt, recording);
  if ('RenameStmt' in statement) {
    const { relation, subname, newname } = statement.RenameStmt;
    if (relation && !isOld(relation.relname) && !before.indexes.has(relation.relname ?? '')) return [];
    return [
      `renames ${subname ?? relation?.relname ?? 'something'} to ${newname ?? ''}, which the previous release does not know; add the new beside the old`,
    ];
  }
  if ('UpdateStmt' in statement || 'DeleteStmt' in statement || 'InsertStmt' in statement) {
    const { relation } = Object.values(statement)[0] as { relation?: { relname?: string } };
    if (!transaction || !isOld(relation?.relname)) return [];
    return [
      `changes rows of ${relation?.relname ?? ''} and keeps them locked until it ends; do it in batches, outside a transaction`,
    ];
  }
  if ('CreateTrigStmt' in statement && !isOld(statement.CreateTrigStmt.relation?.relname)) return [];
  if (harmless.has(kindOf(statement))) return [];
  return [`runs a ${kindOf(statement)}, of which the lint does not know that it is safe`];
}

function judgeDrop({ removeType, objects = [], concurrent }: DropStmt, { before, contract }: Recording): string[] {
  const names = objects.map(lastName);
  if (removeType === 'OBJECT_INDEX') {
    if (concurrent || !names.some((name) => before.indexes.has(name))) return [];
    return [`drops the index ${names.join(', ')} and waits for everybody; drop it concurrently, outside a transaction`];
  }
  if (contract || (removeType === 'OBJECT_TABLE' && !names.some((name) => before.tables.has(name)))) return [];
  return [`drops ${names.join(', ')}${unlessContract}`];
}

const unlessContract =
  ", which the previous release may use; do it a release later, in a migration with export const phase = 'contract'";

function judgeAlter({ relation, cmds = [], objtype }: AlterTableStmt, recording: Recording): string[] {
  const table = relation?.relname ?? '';
  if (objtype !== 'OBJECT_TABLE' || !recording.before.tables.has(table)) return [];
  return cmds.flatMap((command) =>
    'AlterTableCmd' in command ? judgeCommand(table, command.AlterTableCmd, recording) : [],
  );
}

function judgeCommand(table: string, { subtype, name, def }: AlterTableCmd, recording: Recording): string[] {
  const what = `${table}.${name ?? ''}`;
  switch (subtype) {
    case 'AT_AddColumn':
      return def && 'ColumnDef' in def
        ? judgeColumn(table, def.ColumnDef.colname ?? '', constraintsOf(def.ColumnDef.constraints))
        : [];
    case 'AT_DropColumn':
      return recording.contract ? [] : [`drops ${what}${unlessContract}`];
    case 'AT_ColumnDefault':
      return def || recording.contract ? [] : [`drops the default of ${what}${unlessContract}`];
    case 'AT_SetNotNull':
      if (recording.contract && recording.before.neverNull.has(what)) return [];
      return [
        `forbids null in ${what}, which is checked under a lock; first validate a check (${name ?? ''} is not null), then do it with phase = 'contract'`,
      ];
    case 'AT_AddConstraint':
      return def && 'Constraint' in def ? judgeConstraint(table, def.Constraint) : [];
    case 'AT_ValidateConstraint':
      return recording.transaction && adds(recording, name)
        ? [`adds and validates ${name ?? ''} under one lock; validate it in a later migration`]
        : [];
    // A rewrite was recorded; whether all rows are checked is unknown.
    case 'AT_AlterColumnType':
      return recording.contract ? [] : [`changes the type of ${what}${unlessContract}`];
    case 'AT_DropNotNull':
    case 'AT_DropConstraint':
    case 'AT_SetStatistics':
    case 'AT_SetRelOptions':
    case 'AT_ResetRelOptions':
      return [];
    default:
      return [`runs ${subtype ?? ''} on ${table}, of which the lint does not know that it is safe`];
  }
}

function judgeColumn(table: string, column: string, constraints: Constraint[]): string[] {
  const has = (kind: Constraint['contype']) => constraints.some(({ contype }) => contype === kind);
  const problems: string[] = [];
  if (has('CONSTR_NOTNULL') && !has('CONSTR_DEFAULT')) {
    problems.push(
      `adds ${table}.${column} not null without a default, so that the previous release can't insert; give it a default`,
    );
  }
  if ((['CONSTR_PRIMARY', 'CONSTR_UNIQUE', 'CONSTR_FOREIGN', 'CONSTR_CHECK', 'CONSTR_IDENTITY'] as const).some(has)) {
    problems.push(
      `adds ${table}.${column} with a constraint, which is checked under a lock; add the constraint by itself`,
    );
  }
  return problems;
}

function judgeConstraint(
  table: string,
  { contype, conname = '', indexname, skip_validation: notValid }: Constraint,
): string[] {
  if (contype === 'CONSTR_CHECK' || contype === 'CONSTR_FOREIGN' || contype === 'CONSTR_NOTNULL') {
    if (notValid) return [];
    return [
      `adds ${conname} to ${table} and checks all rows under a lock; add it not valid, and validate it in a later migration`,
    ];
  }
  if (indexname !== undefined) return [];
  return [
    `makes the index of ${conname} on ${table} under a lock; make a unique index concurrently, then add the constraint using it`,
  ];
}

// Without a transaction, a migration may stop halfway, so it must be repeatable.
function judgeOutside(statement: Node, earlier: readonly Node[]): string[] {
  if ('IndexStmt' in statement) {
    const { idxname = '' } = statement.IndexStmt;
    if (
      earlier.some(
        (other) =>
          'DropStmt' in other &&
          isRepeatable(other.DropStmt) &&
          other.DropStmt.objects?.map(lastName).includes(idxname),
      )
    )
      return [];
    return [`can't be run again when ${idxname} was left half-made; drop the index concurrently if it exists first`];
  }
  if ('DropStmt' in statement && isRepeatable(statement.DropStmt)) return [];
  if (
    'AlterTableStmt' in statement &&
    statement.AlterTableStmt.cmds?.every(
      (command) => 'AlterTableCmd' in command && command.AlterTableCmd.subtype === 'AT_ValidateConstraint',
    )
  )
    return [];
  if (
    ['SelectStmt', 'UpdateStmt', 'DeleteStmt', 'InsertStmt', 'VariableSetStmt', 'TransactionStmt'].includes(
      kindOf(statement),
    )
  )
    return [];
  return [
    `runs a ${kindOf(statement)} outside a transaction, which may stop halfway; put it into a migration of its own, in a transaction`,
  ];
}

const isRepeatable = ({ removeType, concurrent, missing_ok: missingOk }: DropStmt) =>
  removeType === 'OBJECT_INDEX' && concurrent === true && missingOk === true;

const adds = ({ statements }: Recording, name: string | undefined) =>
  statements.some(
    (statement) =>
      'AlterTableStmt' in statement &&
      statement.AlterTableStmt.cmds?.some(
        (command) =>
          'AlterTableCmd' in command &&
          command.AlterTableCmd.def !== undefined &&
          'Constraint' in command.AlterTableCmd.def &&
          command.AlterTableCmd.def.Constraint.conname === name,
      ),
  );

const constraintsOf = (nodes: Node[] = []) => nodes.flatMap((node) => ('Constraint' in node ? [node.Constraint] : []));

function lastName(node: Node): string {
  if ('String' in node) return node.String.sval ?? '';
  if ('List' in node) return lastName(node.List.items?.at(-1) ?? { String: {} });
  if ('ObjectWithArgs' in node) return lastName(node.ObjectWithArgs.objname?.at(-1) ?? { String: {} });
  if ('TypeName' in node) return lastName(node.TypeName.names?.at(-1) ?? { String: {} });
  return '';
}
