import type { PersonalData } from '../personal-data/personal-data.ts';
import * as repository from './email-codes.repository.ts';

const maxCodes = 1000;

export const personalData: PersonalData[] = [
  {
    table: 'email_codes',
    async read(db, { id }) {
      const rows = await repository.findCodes(db, id, maxCodes);
      return {
        email_codes: rows.map((row) => ({
          email: row.email,
          attempts: row.attempts,
          created_at: row.created_at.toISOString(),
          expires_at: row.expires_at.toISOString(),
          ended_at: row.ended_at?.toISOString() ?? null,
        })),
      };
    },
    erase: (db, { id }) => repository.deleteCodesOfUser(db, id),
  },
];
