import type { Finding } from '../platform/findings.ts';

/** Whether nothing failed; warnings are for people to weigh. */
export function mayDeploy(findings: readonly Finding[]): boolean {
  return findings.every(({ result }) => result !== 'fail');
}

/** For people: one line per finding, with its remedy below, and the verdict. */
export function describeFindings(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.flatMap(({ check, result, reason, remedy }) => [
    `${result.padEnd(4)}  ${check.padEnd(width)}  ${reason}`,
    ...(remedy === undefined ? [] : [`${' '.repeat(6 + width)}  -> ${remedy}`]),
  ]);
  const count = (wanted: Finding['result']) => findings.filter(({ result }) => result === wanted).length;
  const verdict = mayDeploy(findings) ? 'Deploy.' : 'Do not deploy.';
  const counts = `${count('ok')} ok, ${plural(count('warn'), 'warning')}, ${count('fail')} failed.`;
  return [...lines, '', `${counts} ${verdict}`].join('\n');
}

/** For programs. */
export function toJson(findings: readonly Finding[]): string {
  return JSON.stringify({ deploy: mayDeploy(findings), checks: findings }, undefined, 2);
}

function plural(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}
