/** The sentences of the console about users. */

const many = (count: number) => count.toLocaleString('en-GB');
const users = (count: number) => (count === 1 ? 'user' : 'users');

export const englishOfUsers = {
  users: {
    title: 'Users',
    search: 'Search users',
    searchHint: 'Part of a name or an address, or the beginning of an id',
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
        : `There is no user with “${search}” in the name or address, nor an id that begins with it.`,
    noneFiltered: 'The filters may be in the way, too.',
  },
  user: {
    title: 'User',
  },
};
