import type { User } from './user.ts';

/** Who sends a request, and by which session. */
export interface Principal {
  readonly user: User;
  readonly sessionId: string;
}
