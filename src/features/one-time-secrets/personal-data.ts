import type { PersonalData } from '../personal-data/personal-data.ts';
import { OneTimeSecretModel } from './one-time-secrets.model.ts';

const maxSecrets = 1000;

/** Secrets of registrations are deleted along with those. */
export const personalData: PersonalData[] = [
  {
    table: 'one_time_secrets',
    async read(db, { id }) {
      const rows = await OneTimeSecretModel.query(db)
        .where({ user_id: id })
        .orderBy('created_at', 'desc')
        .limit(maxSecrets);
      return {
        one_time_secrets: rows.map((row) => ({
          purpose: row.purpose,
          email: row.email,
          created_at: row.created_at.toISOString(),
          expires_at: row.expires_at.toISOString(),
          used_at: row.used_at?.toISOString() ?? null,
        })),
      };
    },
    async erase(db, { id }) {
      await OneTimeSecretModel.query(db).delete().where({ user_id: id });
    },
  },
];
