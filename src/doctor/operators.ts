import type { Config } from '../config/config.ts';
import { ok, warn, type Finding } from './findings.ts';

/** Whether somebody can see how the service is. */
export function checkOperators(admin: Config['admin']): Finding {
  if (admin === undefined) {
    return warn('operators', 'there are no metrics', 'set ADMIN_PORT, such as 9000, and let Prometheus scrape it');
  }
  return ok('operators', `metrics and probes are at ${admin.host}:${admin.port}`);
}
