import type { PersonalData } from '../personal-data/personal-data.ts';
import { IdempotencyKeyModel } from './idempotency.model.ts';
import { deleteRepliesOfUser } from './idempotency.repository.ts';

const maxReplies = 1000;

export const personalData: PersonalData[] = [
  {
    table: 'idempotency_keys',
    async read(db, { id }) {
      const rows = await IdempotencyKeyModel.query(db)
        .where({ user_id: id })
        .orWhere({ principal_id: id })
        .orderBy('expires_at')
        .limit(maxReplies);
      return {
        kept_replies: rows.map(({ status, expires_at: expiresAt }) => {
          return { status, expires_at: expiresAt.toISOString() };
        }),
      };
    },
    erase: (db, { id }) => deleteRepliesOfUser(db, id),
  },
];
