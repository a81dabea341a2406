import type { PersonalData } from '../personal-data/personal-data.ts';
import { LoginChallengeModel } from './login-challenges.model.ts';

const maxChallenges = 1000;

export const personalData: PersonalData[] = [
  {
    table: 'login_challenges',
    async read(db, { id }) {
      const rows = await LoginChallengeModel.query(db)
        .where({ user_id: id })
        .orderBy('created_at', 'desc')
        .limit(maxChallenges);
      return {
        login_challenges: rows.map((row) => ({
          methods: row.methods,
          created_at: row.created_at.toISOString(),
          expires_at: row.expires_at.toISOString(),
          used_at: row.used_at?.toISOString() ?? null,
        })),
      };
    },
    async erase(db, { id }) {
      await LoginChallengeModel.query(db).delete().where({ user_id: id });
    },
  },
];
