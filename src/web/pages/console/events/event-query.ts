import type { components } from '../../../../../openapi/clients/typescript/index.ts';
import { addressOf } from '../../../components/console/address.ts';

type Schemas = components['schemas'];

/** Which events are listed. The address holds all of it, by the contract's names. */
export interface EventQuery {
  readonly type: string | undefined;
  readonly outcome: Schemas['AuditOutcome'] | undefined;
  readonly user_id: string | undefined;
  readonly actor_id: string | undefined;
  /** The first and the last day, such as 2026-05-03, as the viewer counts days. */
  readonly from: string | undefined;
  readonly to: string | undefined;
}

export const everything: EventQuery = {
  type: undefined,
  outcome: undefined,
  user_id: undefined,
  actor_id: undefined,
  from: undefined,
  to: undefined,
};

export const outcomes = ['success', 'failure'] as const satisfies readonly Schemas['AuditOutcome'][];

export const isId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

/** What an address asks for; whatever it asks for that makes no sense is as if it were not there. */
export function readEventQuery(parameters: Readonly<Record<string, string>>): EventQuery {
  const { type, outcome, user_id, actor_id, from, to } = parameters;
  return {
    type: type !== undefined && /^[a-z_]{1,40}\.[a-z_]{1,20}$/.test(type) ? type : undefined,
    outcome: outcomes.find((one) => one === outcome),
    user_id: user_id !== undefined && isId(user_id) ? user_id : undefined,
    actor_id: actor_id !== undefined && isId(actor_id) ? actor_id : undefined,
    from: startOf(from) && from,
    to: startOf(to) && to,
  };
}

export const addressOfEvents = (query: Partial<EventQuery>): string => addressOf('/console/events', { ...query });

/** What the operation is asked: days become the moments at which they begin and end where the viewer is. */
export function askedOf({ type, outcome, user_id, actor_id, from, to }: EventQuery) {
  const [since, until] = [startOf(from), startOf(to, 1)];
  return {
    ...(type !== undefined && { type }),
    ...(outcome !== undefined && { outcome }),
    ...(user_id !== undefined && { user_id }),
    ...(actor_id !== undefined && { actor_id }),
    ...(since !== undefined && { from: since }),
    ...(until !== undefined && { to: until }),
  };
}

/** The local day of a moment, such as 2026-05-03. */
export const dayOf = (moment: Date): string => moment.toLocaleDateString('sv-SE');

/** The moment at which a local day begins, or one some days later; undefined if there is no such day. */
function startOf(day: string | undefined, later = 0): string | undefined {
  const [, year, month, date] = /^([12]\d{3})-(\d\d)-(\d\d)$/.exec(day ?? '') ?? [];
  if (date === undefined) return undefined;
  const named = new Date(Number(year), Number(month) - 1, Number(date));
  const exists = named.getMonth() === Number(month) - 1;
  return exists ? new Date(Number(year), Number(month) - 1, Number(date) + later).toISOString() : undefined;
}
