/** The sentences of the console about users. */

const many = (count: number) => count.toLocaleString('en-GB');
const users = (count: number) => (count === 1 ? 'user' : 'users');

export const englishOfUsers = {
  users: {
    title: 'Users',
    search: 'Search users',
    searchHint: 'Part of a name or address, or an id’s beginning',
    role: 'Role',
    anyRole: 'Any role',
    status: 'Status',
    anyStatus: 'Any status',
    active: 'Active',
    deactivated: 'Deactivated',
    unconfirmed: 'Not confirmed',
    sort: 'Sort by',
    clear: 'Show all users',
    list: 'Users',
    columns: {
      full_name: 'Name',
      email: 'E-mail address',
      role: 'Role',
      status: 'Status',
      created_at: 'Created',
      updated_at: 'Changed',
    },
    orders: {
      full_name: { asc: 'Name, from A', desc: 'Name, from Z' },
      email: { asc: 'Address, from A', desc: 'Address, from Z' },
      created_at: { asc: 'Oldest first', desc: 'Newest first' },
      updated_at: { asc: 'Changed longest ago', desc: 'Changed last' },
    },
    total: (count: number) => `${many(count)} ${users(count)}`,
    totalAtLeast: (count: number) =>
      count >= 1000 ? `More than ${many(count)} users` : `At least ${many(count)} users`,
    loading: 'Loading users',
    updating: 'Updating. Until then, this is the list from before.',
    none: 'Nobody matches',
    noneHint: (search: string) =>
      search === ''
        ? 'No user has this role and status. Users appear here once they do.'
        : `There is no user with “${search}” in the name or address, nor at the beginning of the id.`,
    noneFiltered: 'The filters may be in the way, too.',
  },
  user: {
    title: 'User',
    gone: 'There is no such user',
    goneLead: 'The id may be mistyped.',
    deleted: 'This user is deleted',
    deletedLead: (days: number) =>
      `Nobody can sign in with the account. It can be restored for ${days === 1 ? 'a day' : `${days} days`} after the deletion; then its personal data is erased.`,
    all: 'All users',
    id: 'Id',
    picture: (name: string) => `Picture of ${name}`,
    you: 'This is you',
    copy: 'Copy the id',
    copied: 'Copied',
    confirmed: 'Confirmed',
    readOnly: 'Only administrators change users, and see their sessions and events.',
  },
  userProfile: {
    title: 'Profile',
    change: 'Change name or role',
    roleHint: 'A lower role signs the user out everywhere.',
    save: 'Save',
    saved: 'It is saved.',
  },
  conflict: {
    title: 'Somebody else changed this user meanwhile',
    lead: 'Nothing is lost: choose what to keep, and save again. Their change is of',
    mine: 'Yours',
    theirs: 'Theirs',
    save: 'Save what is chosen',
    elsewhere: (changes: readonly string[]) =>
      ['Somebody else changed this user meanwhile', ...changes, 'Repeat this if you still want it'].join('. '),
    change: (field: string, before: string, now: string) => `${field}: ${now} (before: ${before})`,
  },
  userState: {
    title: 'State',
    active: 'This user may sign in.',
    inactive: 'This user can’t sign in. All that belongs to the account is kept.',
    deactivate: 'Deactivate',
    activate: 'Activate',
    deactivated: (name: string) => `${name} is deactivated and signed out everywhere.`,
    activated: (name: string) => `${name} may sign in again.`,
    undo: 'Undo',
    own: 'You can’t deactivate or delete yourself here. Under “Your account” you can delete your account.',
  },
  access: {
    title: 'Help with signing in',
    reset: 'Mail a link to choose a password',
    resetHint: 'Nothing changes until the link is used. You don’t see it.',
    resetInactive: 'Once the user is activated, you can mail a link to choose a new password.',
    resetDone: (email: string) => `A link is on its way to ${email}.`,
  },
  userFactors: {
    title: 'Second factors',
    none: 'None. The user signs in with a password or a mailed code alone.',
    some: (codes: number) =>
      codes === 1 ? 'One recovery code is left.' : `${codes === 0 ? 'No' : codes} recovery codes are left.`,
    kinds: { totp: 'Authenticator app', passkey: 'Passkey' },
    reset: 'Reset second factors',
    resetHint: (name: string) =>
      `For somebody who lost their phone or passkey. All apps, passkeys and recovery codes of ${name} are removed, and all sessions end. Make sure that you are speaking to them.`,
    resetAction: 'Remove all factors',
    resetDone: 'All second factors are removed, and all sessions have ended.',
  },
  userSessions: {
    title: 'Sessions',
    some: 'Where the user is signed in.',
    none: 'Nowhere signed in. Sessions appear here once the user signs in.',
    endAll: 'End all sessions',
    ended: 'All sessions have ended.',
    methods: {
      password: 'password',
      email_code: 'code by mail',
      totp: 'authenticator app',
      recovery_code: 'recovery code',
      passkey: 'passkey',
    },
    by: (methods: string) => `by ${methods}`,
  },
  userEvents: {
    title: 'Recent events',
    none: 'Sign-ins and changes will appear here.',
    all: 'All events of this user',
    by: 'by',
    somebody: 'somebody else',
    you: 'you',
    roleChange: (from: string, to: string) => `from ${from} to ${to}`,
  },
  userDeletion: {
    title: 'Delete the user',
    lead: (days: number) =>
      `Ends all sessions and frees the address. For ${days === 1 ? 'a day' : `${days} days`}, you can restore the user; then all that is kept about them is erased.`,
    open: 'Delete',
    confirm: (name: string) => `To be sure, enter the name: ${name}`,
    differs: 'This is not the name of the user. Enter it as it is written above',
    action: (name: string) => `Delete ${name}`,
    done: (name: string) => `${name} is deleted.`,
    restore: 'Restore the user',
    taken: 'Somebody else has the address by now, so the user can’t be restored',
    erased: 'The user can’t be restored any more: their personal data is erased',
  },
};
