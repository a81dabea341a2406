/** The sentences of the console about the state of the service: figures and jobs. */

interface Count {
  readonly count: number;
  readonly is_exact: boolean;
}

const many = (count: number) => count.toLocaleString('en-GB');
const counted = ({ count, is_exact: isExact }: Count) => `${many(count)}${isExact ? '' : '+'}`;
const plural = (count: number, one: string, more: string) => `${many(count)} ${count === 1 ? one : more}`;
const day = (date: string) =>
  new Date(`${date}T00:00Z`).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', timeZone: 'UTC' });

export const englishOfTheState = {
  overview: {
    title: 'Overview',
    asOf: (time: string) => `As of ${time}. It is looked at again each minute.`,
    old: (time: string) => `There is no connection. These are the figures of ${time}.`,
    loading: 'Loading the figures',
    state: 'Is it well?',
    well: 'Everything is done as it should be, and nothing is out of the ordinary.',
    deadMails: (count: number) => `${plural(count, 'mail', 'mails')} could not be sent.`,
    deadJobs: (count: number) => `${plural(count, 'job', 'jobs')} failed for the last time.`,
    retrying: (count: number) => `${plural(count, 'job', 'jobs')} failed, and will be tried again.`,
    stuck: (count: number, since: string) =>
      `${plural(count, 'job has', 'jobs have')} been due since ${since}, and no server takes them.`,
    showJobs: 'Look at the jobs',
    showEvents: 'Look at the events',
    odd: {
      failed_sign_ins: (now: string, before: string) =>
        `Many sign-ins fail: ${now} so far today, ${before} by now a week ago.`,
      registrations: (now: string, before: string) =>
        `Many people register: ${now} so far today, ${before} by now a week ago.`,
      password_resets: (now: string, before: string) =>
        `Many passwords are reset: ${now} so far today, ${before} by now a week ago.`,
      sign_ins: (now: string, before: string) =>
        `Few people sign in: ${now} so far today, ${before} by now a week ago.`,
    },
    about: (count: number) => `about ${many(Math.round(count))}`,
    figures: 'Now',
    counts: {
      active_sessions: 'Sessions',
      total: 'Users',
      active: 'Active users',
      inactive: 'Deactivated',
      deleted: 'Deleted',
    },
    deletedHint: 'can be restored',
    counted,
    days: 'The last 14 days',
    daysHint: 'Days as UTC counts them. The last is today, as far as it goes.',
    plots: {
      sign_ins: 'Sign-ins',
      failed_sign_ins: 'Failed sign-ins',
      registrations: 'Registrations',
      password_resets: 'Password resets',
    },
    today: (count: string) => `${count} today`,
    most: (count: string) => `at most ${count}`,
    plot: (title: string, now: string, most: string, when: string, least: string) =>
      `${title} a day: ${now} so far today, at most ${most} on ${when}, at least ${least}.`,
    bar: (date: string, count: string) => `${day(date)}: ${count}`,
    table: 'As a table',
    tableOf: (title: string) => `${title} as a table`,
    columns: { day: 'Day (UTC)', count: 'Count' },
    day,
    todayMark: 'today',
  },
  jobs: {
    title: 'Jobs',
    lead: 'What the server does by itself, such as sending a mail, until it is done.',
    list: 'Jobs',
    state: 'State',
    anyState: 'Any state',
    states: { dead: 'Failed for good', waiting: 'Waiting', running: 'Running' },
    name: 'Kind',
    anyName: 'Any kind',
    /** By the names of jobs. */
    names: {
      send_notice: 'Mail: notice',
      send_verification: 'Mail: confirm the address',
      send_registration: 'Mail: finish the registration',
      send_invitation: 'Mail: invitation',
      send_password_reset: 'Mail: reset the password',
      send_login_code: 'Mail: code to sign in',
      send_email_change: 'Mail: confirm the new address',
      send_email_change_undo: 'Mail: the address was changed',
      notify_of_new_device: 'Look whether a device is new',
      erase_users: 'Erase deleted users',
      reseal_totp_seeds: 'Encrypt seeds with the first key',
    },
    expiry: (what: string) => `Delete old ${what.replaceAll('_', ' ')}`,
    recurring: 'Again and again',
    attempts: (count: number) => plural(count, 'attempt', 'attempts'),
    since: 'Made',
    due: 'Due',
    deadSince: 'Failed',
    again: 'Look again',
    loading: 'Loading jobs',
    updating: 'Updating. Until then, these are the jobs from before.',
    newest: 'The newest first.',
    none: 'Nothing to do',
    noneHint: 'Jobs that wait, run or have failed appear here. What is done leaves the list.',
    noneFilteredHint: 'No job is of this kind and in this state.',
    clear: 'Show all jobs',
    retry: 'Try now',
    retryName: (name: string) => `Try now: ${name}`,
    retrying: 'It is being tried.',
    done: 'Done.',
    failedAgain: 'It failed again.',
    taking: 'No server has taken it yet. Look again in a moment.',
    drop: 'Drop',
    dropName: (name: string) => `Drop: ${name}`,
    dropTitle: (name: string) => `Drop “${name}”`,
    dropHint: (name: string, made: string) =>
      `Its work, asked for on ${made}, is never done. To drop it, enter ${name}.`,
    confirmation: 'Name of the job',
    wrongName: (name: string) => `Enter ${name}, or cancel`,
    dropped: 'Dropped.',
    problems: {
      not_found: 'This job is done or gone meanwhile.',
      job_running: 'It runs just now. Look again in a moment.',
      job_replaced: 'A newer job does this work. Drop this one.',
      job_not_dead: 'It is no longer dead, so it can’t be dropped.',
    },
  },
};
