import { ok, warn, type Finding } from '../../platform/findings.ts';

/** Whether there is an active administrator. */
export function checkAdministrator(hasAdmin: boolean): Finding {
  if (hasAdmin) return ok('administrator', 'there is an active one');
  return warn('administrator', 'there is none', 'create one with the command admin create');
}
