import type { components } from '../../../../../openapi/clients/typescript/index.ts';
import { addressOf } from '../../../components/console/address.ts';
import { english } from '../../../english.ts';

type Schemas = components['schemas'];

/** Which jobs are listed. The address holds all of it, by the contract's names. */
export interface JobQuery {
  readonly state: Schemas['JobState'] | undefined;
  readonly name: string | undefined;
}

export const states = ['dead', 'waiting', 'running'] as const satisfies readonly Schemas['JobState'][];

export function readJobQuery({ state, name }: Readonly<Record<string, string>>): JobQuery {
  return {
    state: states.find((one) => one === state),
    name: name !== undefined && /^[a-z_]{1,64}$/.test(name) ? name : undefined,
  };
}

export const addressOfJobs = (query: Partial<JobQuery>): string => addressOf('/console/jobs', { ...query });

/** What a job does, in words. */
export function wordsOf(name: string): string {
  const names: Partial<Record<string, string>> = english.jobs.names;
  const [, expired] = /^expire_(.+)$/.exec(name) ?? [];
  return expired === undefined ? (names[name] ?? name) : english.jobs.expiry(expired);
}
