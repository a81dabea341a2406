import type { PersonalData } from '../personal-data/personal-data.ts';
import { FactorModel } from './factors.model.ts';
import { RecoveryCodeModel } from './recovery-codes.model.ts';

/** Seeds are deleted along with their factor. */
export const personalData: PersonalData[] = [
  {
    table: 'factors',
    async read(db, { id }) {
      const rows = await FactorModel.query(db).where({ user_id: id }).orderBy(['created_at', 'id']);
      return {
        factors: rows.map((row) => ({
          id: row.id,
          kind: row.kind,
          name: row.name,
          created_at: row.created_at.toISOString(),
          confirmed_at: row.confirmed_at?.toISOString() ?? null,
          last_used_at: row.last_used_at?.toISOString() ?? null,
        })),
      };
    },
    async erase(db, { id }) {
      await FactorModel.query(db).delete().where({ user_id: id });
    },
  },
  {
    table: 'recovery_codes',
    async read(db, { id }) {
      const rows = await RecoveryCodeModel.query(db).where({ user_id: id }).orderBy(['used_at', 'code_hash']);
      return {
        recovery_codes: rows.map((row) => ({
          created_at: row.created_at.toISOString(),
          used_at: row.used_at?.toISOString() ?? null,
        })),
      };
    },
    async erase(db, { id }) {
      await RecoveryCodeModel.query(db).delete().where({ user_id: id });
    },
  },
];
