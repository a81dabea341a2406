import type { Config } from '../config/config.ts';
import { ok, warn, type Finding } from './findings.ts';

/** Whether machines can read the log, and whether it says enough and not too much. */
export function checkLog({ level, format }: Config['log']): Finding[] {
  const findings = [
    format === 'json'
      ? ok('log', 'one JSON object a line')
      : warn('log', 'LOG_FORMAT is pretty, which is for people and slower', 'set LOG_FORMAT=json'),
  ];
  if (['silent', 'fatal', 'error', 'warn'].includes(level)) {
    findings.push(warn('log', `LOG_LEVEL is ${level}: requests are not logged`, 'set LOG_LEVEL=info'));
  } else if (level !== 'info') {
    findings.push(warn('log', `LOG_LEVEL is ${level}, which is much`, 'set LOG_LEVEL=info'));
  }
  return findings;
}
