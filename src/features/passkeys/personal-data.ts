import type { PersonalData } from '../personal-data/personal-data.ts';
import { FactorModel } from '../factors/joined-factor.ts';
import { PasskeyChallengeModel } from './passkey-challenges.model.ts';
import { PasskeyModel } from './passkeys.model.ts';

/** Passkeys are also deleted along with their factors, which have their names and times. */
export const personalData: PersonalData[] = [
  {
    table: 'passkeys',
    async read(db, { id }) {
      const rows = await PasskeyModel.query(db)
        .whereIn('factor_id', FactorModel.query(db).select('id').where({ user_id: id }))
        .orderBy('factor_id');
      return {
        passkeys: rows.map((row) => ({
          factor_id: row.factor_id,
          credential_id: row.credential_id.toString('base64url'),
          aaguid: row.aaguid,
          transports: row.transports,
          uses: Number(row.sign_count),
          is_synced: row.is_backed_up,
        })),
      };
    },
    async erase(db, { id }) {
      await PasskeyModel.query(db)
        .delete()
        .whereIn('factor_id', FactorModel.query(db).select('id').where({ user_id: id }));
    },
  },
  {
    table: 'passkey_challenges',
    async read(db, { id }) {
      const rows = await PasskeyChallengeModel.query(db).where({ user_id: id }).orderBy('created_at');
      return {
        passkey_challenges: rows.map((row) => ({
          purpose: row.purpose,
          created_at: row.created_at.toISOString(),
          expires_at: row.expires_at.toISOString(),
        })),
      };
    },
    async erase(db, { id }) {
      await PasskeyChallengeModel.query(db).delete().where({ user_id: id });
    },
  },
];
