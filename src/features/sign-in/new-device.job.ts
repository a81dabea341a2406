import type { Client } from '../../access/client.ts';
import type { Database } from '../../platform/database/database.ts';
import type { JobHandler } from '../../platform/jobs/job.ts';
import { hostOf } from '../../platform/network/address.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { NoticesService } from '../notices/notices.service.ts';
import { describeClient } from '../sessions/client-description.ts';

/** The job that follows a sign-in without a device token, unless one of the last was alike. */
export const newDevice = 'notify_of_new_device';

/** Its payload; the trail has where the sign-in came from. `email` is the address that was used. */
export interface NewDevice {
  readonly user_id: string;
  readonly session_id: string;
  readonly email: string;
}

/**
 * Tells users of a sign-in on a device that they have not used before (ASVS 6.3.5), unless it is their first sign-in. Programs that keep no
 * device token count as known on networks where they have signed in.
 */
export function createNewDeviceJob({
  database,
  audit,
  notices,
}: {
  readonly database: Database;
  readonly audit: Pick<AuditService, 'findSignIn'>;
  readonly notices: Pick<NoticesService, 'send'>;
}): JobHandler {
  return {
    name: newDevice,
    async run(payload, run) {
      const { user_id: userId, session_id: sessionId, email } = payload as unknown as NewDevice;
      const { begun, earlier = [] } = (await audit.findSignIn(userId, sessionId)) ?? {};
      if (!begun || earlier.length === 0 || earlier.some((client) => isAlike(client, begun.client))) return;
      const { device, browser } = describeClient(begun.client.userAgent);
      const place = { device: device ?? '', browser: browser ?? '', address: begun.client.address ?? '' };
      const values = { ...place, at: begun.createdAt.toISOString() };
      await database.transaction(async (db) => {
        await run.complete(db);
        await notices.send(db, { userId, to: email, notice: 'new_device', values });
      });
    },
  };
}

function isAlike(one: Partial<Client>, other: Partial<Client>): boolean {
  return one.userAgent === other.userAgent && hostOf(one.address ?? '') === hostOf(other.address ?? '');
}
