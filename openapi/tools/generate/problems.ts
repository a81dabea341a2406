/** Turns the texts of errors, `x-problems` and `x-messages`, into a module for the server and a table for the guide. */

interface Problem {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  /** For the guide: what happened, and what to do about it. */
  readonly meaning: string;
  readonly remedy: string;
}

/** The parts of the bundled contract that describe errors. */
export interface ProblemDocument {
  components: {
    schemas: {
      ProblemCode: { 'x-problems': Record<string, Problem> };
      ViolationRule: { 'x-messages': Record<string, string> };
    };
  };
}

/** The source of generated/problems.ts. */
export function problemsModule({ components: { schemas } }: ProblemDocument): string {
  const problems = Object.entries(schemas.ProblemCode['x-problems']).map(
    ([code, { status, title, detail }]) => `  ${code}: ${JSON.stringify({ status, title, detail })},`,
  );
  const messages = Object.entries(schemas.ViolationRule['x-messages']).map(
    ([rule, message]) => `  ${rule}: ${JSON.stringify(message)},`,
  );
  return [
    '/** The status, title and usual detail of each problem, by code. */',
    'export const problems = {',
    ...problems,
    '} as const;',
    '',
    '/** What people are told about a broken rule, unless the sentence depends on a limit. */',
    'export const messages = {',
    ...messages,
    '} as const;',
    '',
  ].join('\n');
}

/** The guide's table. Each row has an anchor, to which the `type` of a problem leads. */
export function problemTable({ components: { schemas } }: ProblemDocument): string {
  const rows = Object.entries(schemas.ProblemCode['x-problems']).map(
    ([code, { status, meaning, remedy }]) =>
      `| <a id="section/errors/${code}"></a>\`${code}\` | ${status} | ${meaning} | ${remedy} |`,
  );
  return ['| code | status | what happened | what to do |', '| --- | --- | --- | --- |', ...rows].join('\n');
}
