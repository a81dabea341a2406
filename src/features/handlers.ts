import { createAuthHandlers } from './sign-in/sign-in.handlers.ts';
import type { Services } from '../process/context.ts';
import { createHealthHandlers } from './health/health.handlers.ts';
import { createUsersHandlers } from './users/users.handlers.ts';
import type { Handlers } from '../http/operation.ts';

/** Gathers the handlers of all features; the only place in http/ that knows them. */
export function createHandlers(services: Services): Handlers {
  return { ...createHealthHandlers(services), ...createAuthHandlers(services), ...createUsersHandlers(services) };
}
