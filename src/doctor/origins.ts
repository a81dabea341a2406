import { fail, ok, warn, type Finding } from './findings.ts';
import { isThisMachine } from './hosts.ts';

/** Whether the pages that may call from a browser are those of production. */
export function checkOrigins(origins: readonly string[]): Finding {
  const local = origins.filter((origin) => isThisMachine(new URL(origin).hostname));
  const plain = origins.filter((origin) => origin.startsWith('http:') && !local.includes(origin));
  if (plain.length > 0) {
    const reason = `${plain.join(', ')} in CORS_ORIGINS has no TLS, so that anybody on the way can change its pages`;
    return fail('origins', reason, 'serve it by https://, or take it out');
  }
  if (local.length > 0) {
    const reason = `${local.join(', ')} in CORS_ORIGINS lets any page of a visitor's own machine call`;
    return warn('origins', reason, "take developers' origins out");
  }
  if (origins.length === 0) return ok('origins', 'no page of another origin may call');
  return ok('origins', `pages of ${origins.join(', ')} may call`);
}
