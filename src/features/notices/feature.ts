import type { Platform } from '../../platform/platform.ts';
import type { ServedFeature } from '../feature.ts';
import { createNoticesService } from './notices.service.ts';

/** Mails that tell users what happened to their account. */
export function createNotices({ jobs, mail }: Platform) {
  const service = createNoticesService({ jobs, mail });
  return { service, handlers: {}, jobs: [service.job] } satisfies ServedFeature;
}
