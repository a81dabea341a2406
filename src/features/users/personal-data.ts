import type { PersonalData } from '../personal-data/personal-data.ts';
import { eraseUser } from './users.deletion.repository.ts';
import { foundOwn } from './users.wire.ts';

export const personalData: PersonalData[] = [
  {
    table: 'users',
    read: async (_db, user) => ({ user: foundOwn(user).body }),
    erase: (db, { id }) => eraseUser(db, id),
  },
];
