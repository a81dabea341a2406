import type { PersonalData } from '../personal-data/personal-data.ts';
import { PendingRegistrationModel } from './pending-registrations.model.ts';

/** A registration that began after the deletion is of somebody who wants to come back, or of somebody else. */
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
