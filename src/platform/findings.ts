/** The result of a check: `fail` is a reason not to deploy, `warn` a reason to reconsider. */
export interface Finding {
  /** What was checked, in a word or two. */
  readonly check: string;
  readonly result: 'ok' | 'warn' | 'fail';
  /** A sentence without secrets. */
  readonly reason: string;
  /** Always present unless `result` is `ok`. */
  readonly remedy?: string;
}

export function ok(check: string, reason: string): Finding {
  return { check, result: 'ok', reason };
}

export function warn(check: string, reason: string, remedy: string): Finding {
  return { check, result: 'warn', reason, remedy };
}

export function fail(check: string, reason: string, remedy: string): Finding {
  return { check, result: 'fail', reason, remedy };
}
