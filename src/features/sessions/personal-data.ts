import type { PersonalData } from '../personal-data/personal-data.ts';
import { SessionModel } from './sessions.model.ts';

const maxSessions = 2000;

/** Refresh tokens of an earlier release are deleted along with their session. */
export const personalData: PersonalData[] = [
  {
    table: 'sessions',
    async read(db, { id }) {
      const rows = await SessionModel.query(db)
        .where({ user_id: id })
        .orderBy('last_used_at', 'desc')
        .limit(maxSessions);
      return {
        sessions: rows.map((row) => ({
          id: row.id,
          created_at: row.created_at.toISOString(),
          last_used_at: row.last_used_at.toISOString(),
          authenticated_at: row.authenticated_at?.toISOString() ?? null,
          expires_at: row.expires_at.toISOString(),
          ended_at: row.ended_at?.toISOString() ?? null,
          methods: row.methods,
          ip_address: row.ip_address,
          user_agent: row.user_agent,
        })),
      };
    },
    async erase(db, { id }) {
      await SessionModel.query(db).delete().where({ user_id: id });
    },
  },
];
