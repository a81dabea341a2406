import type { PersonalData } from '../personal-data/personal-data.ts';
import { PendingRegistrationModel } from './pending-registrations.model.ts';

/** Keeps registrations from after the deletion: they belong to somebody who wants to come back, or to somebody else. */
export const personalData: PersonalData[] = [
  {
    table: 'pending_registrations',
    async erase(db, { emails, deletedAt }) {
      await PendingRegistrationModel.query(db)
        .delete()
        .whereIn('email', [...emails])
        .where('created_at', '<=', deletedAt);
    },
  },
];
