/** What a query of another feature may join, so that who asks is found by one query: the row of a user, and how it is read. */
export { toUser, userColumns, UserModel, type UserRow } from './users.model.ts';
