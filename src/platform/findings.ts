/** What a check found: `fail` is a reason not to deploy, `warn` one to think about it. */
export interface Finding {
  /** What was looked at, in a word or two. */
  readonly check: string;
  readonly result: 'ok' | 'warn' | 'fail';
  /** In a sentence, without a secret. */
  readonly reason: string;
  /** What would do; always there unless all is well. */
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
