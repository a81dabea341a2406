import type { BoundedCount } from '../../platform/lists/bounded-count.ts';

/** What is counted of a day. */
export const dailyFigures = {
  registrations: 'user.registered',
  signIns: 'session.started',
  failedSignIns: 'session.start_failed',
  passwordResets: 'password.reset',
} as const;

/** What happened on a day in UTC, such as `2026-01-15`. */
export type DayFigures = { readonly date: string } & Readonly<Record<keyof typeof dailyFigures, BoundedCount>>;

/** How the service is doing, in figures that name nobody. */
export interface Overview {
  readonly asOf: Date;
  readonly users: Readonly<Record<'total' | 'inactive' | 'deleted', BoundedCount>>;
  readonly activeSessions: BoundedCount;
  /** The oldest first. */
  readonly days: readonly DayFigures[];
  readonly jobs: {
    readonly due: number;
    /** `undefined` if none is due. */
    readonly dueSince: Date | undefined;
    readonly retrying: number;
    readonly dead: number;
    readonly deadMails: number;
  };
}
