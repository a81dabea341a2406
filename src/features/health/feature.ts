import type { Platform } from '../../platform/platform.ts';
import type { Handlers } from '../../http/operation.ts';
import type { ServedFeature } from '../feature.ts';
import { createHealthService } from './health.service.ts';

/** Liveness and readiness, for probes. */
export function createHealth({ database, version, stopping }: Platform) {
  const service = createHealthService({ database, stopping });
  const handlers: Pick<Handlers, 'getHealth' | 'getReadiness'> = {
    async getHealth() {
      return { status: 200, headers: {}, body: { status: 'healthy', version } };
    },

    async getReadiness() {
      await service.checkReadiness();
      return { status: 200, headers: {}, body: { status: 'ready', checks: { database: 'ok', migrations: 'ok' } } };
    },
  };
  return { service, handlers } satisfies ServedFeature;
}
