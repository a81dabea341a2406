import type { components } from '../../../generated/openapi.ts';

/** How a user proved who they are: the contract's list. */
export type SessionMethod = components['schemas']['SessionMethod'];

/** A session as people see it. */
export interface Session {
  readonly id: string;
  readonly createdAt: Date;
  /** When it began or was last refreshed. */
  readonly lastUsedAt: Date;
  /** When it ends unless it is refreshed before. */
  readonly expiresAt: Date;
  readonly userAgent: string | undefined;
  readonly address: string | undefined;
  readonly methods: readonly SessionMethod[];
}
