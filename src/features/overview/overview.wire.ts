import type { components } from '../../../generated/openapi.ts';
import type { BoundedCount } from '../../platform/lists/bounded-count.ts';
import type { DayFigures, Overview } from './overview.ts';

type Wire = components['schemas'];

/** The one place where an overview becomes what clients see. */
export function toWireOverview({ asOf, users, activeSessions, days, jobs }: Overview): Wire['Overview'] {
  return {
    as_of: asOf.toISOString(),
    users: {
      total: toWireCount(users.total),
      inactive: toWireCount(users.inactive),
      deleted: toWireCount(users.deleted),
    },
    active_sessions: toWireCount(activeSessions),
    days: days.map(toWireDay),
    jobs: {
      due: jobs.due,
      due_since: jobs.dueSince?.toISOString() ?? null,
      retrying: jobs.retrying,
      dead: jobs.dead,
      dead_mails: jobs.deadMails,
    },
  };
}

function toWireDay({ date, ...figures }: DayFigures): Wire['OverviewDay'] {
  return {
    date,
    registrations: toWireCount(figures.registrations),
    sign_ins: toWireCount(figures.signIns),
    failed_sign_ins: toWireCount(figures.failedSignIns),
    password_resets: toWireCount(figures.passwordResets),
  };
}

function toWireCount({ count, isExact }: BoundedCount): Wire['BoundedCount'] {
  return { count, is_exact: isExact };
}
