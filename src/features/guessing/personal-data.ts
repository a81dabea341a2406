import type { PersonalData } from '../personal-data/personal-data.ts';
import type { GuessingService } from './guessing.service.ts';

export function createPersonalData(service: GuessingService): PersonalData[] {
  return [
    {
      table: 'guess_counts',
      async read(db, { id, email }) {
        const counts = [...(await service.list(db, email)), ...(await service.listTotp(db, id))];
        return {
          failed_sign_ins: counts.map(({ failures, expiresAt }) => {
            return { failures, expires_at: expiresAt.toISOString() };
          }),
        };
      },
      async erase(db, { id, emails }) {
        await service.clearTotp(db, id);
        for (const email of emails) await service.clear(db, email);
      },
    },
  ];
}
