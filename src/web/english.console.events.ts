/** The sentences of the console about events. */

type Details = Readonly<Record<string, string>>;

const methods: Partial<Record<string, string>> = {
  password: 'password',
  email_code: 'mailed code',
  passkey: 'passkey',
  totp: 'authenticator app',
  recovery_code: 'recovery code',
};

const reasons: Partial<Record<string, string>> = {
  account_disabled: 'the account is deactivated',
  email_not_verified: 'the address is not confirmed',
  invalid_code: 'the code was wrong',
  invalid_credentials: 'the address or the password was wrong',
  invalid_passkey: 'the passkey did not work',
  password_reset_required: 'the password must be reset first',
  too_many: 'there were too many sessions',
};

const roles: Partial<Record<string, string>> = { user: 'User', moderator: 'Moderator', admin: 'Administrator' };

const named = (names: Partial<Record<string, string>>, value: string) => names[value] ?? value.replaceAll('_', ' ');
const listed = (names: Partial<Record<string, string>>, values: string) =>
  values
    .split('+')
    .map((value) => named(names, value))
    .join(' and ');

export const englishOfEvents = {
  audit: {
    title: 'Events',
    times: (zone: string) => `The newest first. Days and times are those of ${zone}.`,
    list: 'Events',
    type: 'What happened',
    anyType: 'Anything',
    outcome: 'Outcome',
    anyOutcome: 'Any outcome',
    outcomes: { success: 'Succeeded', failure: 'Failed' },
    user: 'About',
    actor: 'Done by',
    personHint: 'Name, address or id',
    nobodyFound: 'Nobody found. Enter another part of the name or address.',
    clearPerson: (label: string, name: string) => `${label} anybody, not only ${name}`,
    from: 'From',
    to: 'Until',
    clear: 'Show all events',
    loading: 'Loading events',
    updating: 'Updating. Until then, these are the events from before.',
    none: 'Nothing here',
    noneHint: 'Sign-ins, changes and whatever else happens to accounts appear here.',
    noneFilteredHint: 'Nothing that happened matches all of this. Take a filter away, or choose other days.',
    columns: { when: 'When', what: 'What', user: 'User', actor: 'By', address: 'Address' },
    noUser: 'Nobody known',
    deleted: 'Deleted user',
    nameOfDeleted: (name: string) => `${name} (deleted)`,
    themselves: 'Themselves',
    operator: 'An operator',
    details: {
      exact: 'Exact time (UTC)',
      outcome: 'Outcome',
      program: 'Program',
      session: 'Session',
      request: 'Request',
      more: (name: string) => name.charAt(0).toUpperCase() + name.slice(1).replaceAll('_', ' '),
      ofUser: 'All events about this user',
      byActor: 'All that this actor did',
      ofType: 'All events like this',
    },
    /** What the details of an event add to its sentence, if anything. */
    add({ method, reason, from, to, kind, factor, left, users, name }: Details): string {
      const parts = [
        method !== undefined && `by ${listed(methods, method)}`,
        factor !== undefined && named(methods, factor),
        kind !== undefined && named(methods, kind),
        reason !== undefined && named(reasons, reason),
        from !== undefined && to !== undefined && `from ${named(roles, from)} to ${named(roles, to)}`,
        left !== undefined && `${left} left`,
        name !== undefined && named({}, name),
        users !== undefined && `${users} ${users === '1' ? 'user' : 'users'}`,
      ];
      return parts.filter((part) => part !== false).join('; ');
    },
  },
};
