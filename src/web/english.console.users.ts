/** The sentences of the console about users. */

export const englishOfUsers = {
  users: {
    title: 'Users',
  },
  user: {
    title: 'User',
  },
};
