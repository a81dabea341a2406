import type { Handlers } from '../../http/operation.ts';
import type { HealthService } from './health.service.ts';

export function createHealthHandlers({
  health,
}: {
  health: HealthService;
}): Pick<Handlers, 'getHealth' | 'getReadiness'> {
  return {
    async getHealth() {
      return { status: 200, headers: {}, body: { status: 'healthy', version: health.version() } };
    },

    async getReadiness() {
      await health.checkReadiness();
      return { status: 200, headers: {}, body: { status: 'ready', checks: { database: 'ok', migrations: 'ok' } } };
    },
  };
}
