import type { components } from '../../../../openapi/clients/typescript/index.ts';
import { english } from '../../english.ts';
import { addressOfEvents, dayOf } from './events/event-query.ts';

const text = english.overview;

type Overview = components['schemas']['Overview'];

/** Something that an administrator should look at. */
export interface Concern {
  readonly sentence: string;
  readonly href: string;
  readonly link: string;
}

const dueSeconds = 120;

/** What is stuck, and what is odd today. */
export function concernsOf({ jobs, days, as_of: now }: Overview): Concern[] {
  const concern = (sentence: string, state: string) => ({
    sentence,
    href: `/console/jobs?state=${state}`,
    link: text.showJobs,
  });
  const { dead, dead_mails: mails, retrying, due, due_since: since } = jobs;
  const isStuck = since !== null && Date.parse(now) - Date.parse(since) > dueSeconds * 1000;
  return [
    ...(isStuck ? [concern(text.stuck(due, english.moment(since)), 'waiting')] : []),
    ...(mails > 0 ? [concern(text.deadMails(mails), 'dead')] : []),
    ...(dead > mails ? [concern(text.deadJobs(dead - mails), 'dead')] : []),
    ...(retrying > 0 ? [concern(text.retrying(retrying), 'waiting')] : []),
    ...oddities(days, now),
  ];
}

const kinds = [
  { name: 'failed_sign_ins', type: 'session.start_failed' },
  { name: 'registrations', type: 'user.registered' },
  { name: 'password_resets', type: 'password.reset' },
  { name: 'sign_ins', type: 'session.started' },
] as const;

// Small numbers double by chance.
const least = 10;

/** What differs from the same time of the day a week ago, taken to be spread evenly over that day. */
function oddities(days: Overview['days'], now: string): Concern[] {
  const [today, before] = [days.at(-1), days.at(-8)];
  if (!today || !before) return [];
  const share = (Date.parse(now) - Date.parse(`${today.date}T00:00Z`)) / 86_400_000;
  return kinds.flatMap(({ name, type }) => {
    const [count, expected] = [today[name].count, before[name].count * share];
    const isOdd =
      name === 'sign_ins'
        ? expected >= 2 * least && count < expected / 2
        : count > 2 * expected && count - expected >= least;
    if (!isOdd) return [];
    const sentence = text.odd[name](text.counted(today[name]), text.about(expected));
    const from = dayOf(new Date(`${today.date}T00:00Z`));
    return [{ sentence, href: addressOfEvents({ type, from }), link: text.showEvents }];
  });
}
