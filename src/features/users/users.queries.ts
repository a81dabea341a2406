/** What the queries of users share. */
import { raw, UniqueViolationError, type QueryBuilder } from 'objection';
import type { Db } from '../../platform/database/database.ts';
import { UserModel } from './users.model.ts';

/** Users who were not deleted. */
export function present(db: Db): QueryBuilder<UserModel> {
  return UserModel.query(db).whereNull('deleted_at');
}

/** What each change sets: always later than before, though two may fall into one millisecond and clocks may be set back. */
export function touched() {
  return {
    version: raw('version + 1'),
    updated_at: raw(`greatest(now(), updated_at + interval '1 millisecond')`),
  };
}

/** Whether a write failed because another user has the address. */
export function isEmailTaken(error: unknown): boolean {
  return error instanceof UniqueViolationError && error.constraint === 'users_email_key';
}
