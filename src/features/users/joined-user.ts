/** What another feature may join, so that one query finds a session and its user: the row of a user, and how to read it. */
export { toUser, userColumns, UserModel, type UserRow } from './users.model.ts';
