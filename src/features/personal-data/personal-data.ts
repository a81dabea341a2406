import type { components } from '../../../generated/openapi.ts';
import type { User } from '../../access/user.ts';
import type { Db } from '../../platform/database/database.ts';

/** What users get when they ask what is kept about them. */
export type Exported = components['schemas']['PersonalData'];

/** A deleted user whose data is to be erased. */
export interface ErasedUser {
  readonly id: string;
  /** Their addresses, without those that another user has by now. */
  readonly emails: readonly string[];
  readonly deletedAt: Date;
}

/** What a feature keeps about users in one of its tables. */
export interface PersonalData {
  readonly table: string;
  /** Its part of an export; missing if its rows are about people who are not users. */
  readonly read?: (db: Db, user: User) => Promise<Partial<Exported>>;
  /** Removes whatever could say who the user was. Erasing again does nothing. */
  readonly erase: (db: Db, user: ErasedUser) => Promise<void>;
}
