import { v7 as createId } from 'uuid';
import type { Client } from '../../access/client.ts';
import type { UserPrincipal } from '../../access/principal.ts';
import type { User } from '../../access/user.ts';
import type { Db } from '../../platform/database/database.ts';
import { ServiceError } from '../../platform/errors.ts';
import { isAddressOfOneScript } from '../../platform/formats/scripts.ts';
import { violation } from '../../platform/violations.ts';
import type { JobQueue } from '../../platform/jobs/queue.ts';
import type { AuditEventType } from '../audit/audit-event.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { NoticesService } from '../notices/notices.service.ts';
import type { OneTimeSecretsService, Redeemed } from '../one-time-secrets/one-time-secrets.service.ts';
import type { RecoveryService } from '../recovery/recovery.service.ts';
import type { RegistrationService } from '../registration/registration.service.ts';
import type { SessionsService } from '../sessions/sessions.service.ts';
import type { CredentialsService } from '../users/credentials.service.ts';
import { changeJob, undoJob, type ChangePayload } from './change-mails.ts';

export interface EmailAddressesServiceParts {
  readonly jobs: JobQueue;
  readonly secrets: Pick<OneTimeSecretsService, 'redeem' | 'withdrawSince'>;
  readonly registration: Pick<RegistrationService, 'take'>;
  readonly credentials: CredentialsService;
  readonly recovery: Pick<RecoveryService, 'sendReset'>;
  readonly audit: Pick<AuditService, 'record'>;
  readonly notices: Pick<NoticesService, 'send'>;
  readonly sessions: Pick<SessionsService, 'isActive'>;
}

/** Verifies and changes addresses. */
export function createEmailAddressesService(parts: EmailAddressesServiceParts) {
  const { jobs, secrets, registration, credentials, recovery, audit, notices, sessions } = parts;

  async function admit(db: Db, registrationId: string): Promise<User> {
    const held = await registration.take(db, registrationId);
    return credentials.admit(db, { ...held, role: 'user' });
  }

  async function confirmChange(db: Db, userId: string, email: string): Promise<User | undefined> {
    const before = await credentials.find(db, userId);
    const user = await credentials.confirmEmail(db, userId, email);
    if (!user || !before) return undefined;
    if (!before.isProvisional) {
      const values = { at: new Date().toISOString() };
      await notices.send(db, { userId, notice: 'email_changed', values, to: before.user.email });
    }
    return user;
  }

  async function prove(
    db: Db,
    proof: Redeemed<'registration' | 'email_verification' | 'email_change'>,
  ): Promise<{ user: User | undefined; types: AuditEventType[] }> {
    switch (proof.purpose) {
      case 'registration':
        return { user: await admit(db, proof.registrationId), types: ['user.registered', 'email.verified'] };
      case 'email_change':
        return { user: await confirmChange(db, proof.userId, proof.email), types: ['email.changed'] };
      default:
        return { user: await credentials.verifyEmail(db, proof.userId, proof.email), types: ['email.verified'] };
    }
  }

  return {
    /** Does what the secret was mailed for. Throws `invalid_one_time_secret` and `email_taken`. */
    async verify(db: Db, token: string, client: Client): Promise<void> {
      const proof = await secrets.redeem(db, token, ['registration', 'email_verification', 'email_change']);
      const { user, types } = await prove(db, proof);
      if (!user) throw new ServiceError('invalid_one_time_secret');
      for (const type of types) await audit.record(db, { type, outcome: 'success', userId: user.id, client });
    },

    /**
     * Mails a link to a new address, and to the old one a link that undoes the change. An old address that was registered and never
     * verified gets none, because it may be a stranger's. Throws `validation_failed`, and `invalid_token` if the session has ended meanwhile,
     * say because somebody else proved the address.
     */
    async change(db: Db, principal: UserPrincipal, email: string, client: Client): Promise<void> {
      const { id: userId, user: caller } = principal;
      if (email === caller.email) throw violation(['body', 'email'], 'unchanged');
      if (!isAddressOfOneScript(email)) throw violation(['body', 'email'], 'mixed_scripts');
      // Locks the user, so that the session can't end from here on.
      await credentials.setPendingEmail(db, userId, email);
      const claim = await credentials.find(db, userId);
      if (!claim || !(await sessions.isActive(db, principal))) throw new ServiceError('invalid_token');
      const { email: old, updatedAt } = claim.user;
      const request = { user_id: userId, requested_at: updatedAt.toISOString() };
      const payload = (to: string) => ({ ...request, mail_id: createId(), email: to }) satisfies ChangePayload;
      await jobs.enqueue(db, { name: changeJob, payload: payload(email), key: `${userId} ${email}` });
      if (!claim.isProvisional)
        await jobs.enqueue(db, { name: undoJob, payload: payload(old), key: `${userId} ${old}` });
      const event = { type: 'email.change_requested', outcome: 'success', userId, actorId: userId, client } as const;
      await audit.record(db, event);
    },

    async cancelChange(db: Db, { id: userId, pendingEmail }: User, client: Client): Promise<void> {
      if (pendingEmail === undefined) return;
      await credentials.setPendingEmail(db, userId, null);
      const event = { type: 'email.change_cancelled', outcome: 'success', userId, actorId: userId, client } as const;
      await audit.record(db, event);
    },

    /**
     * Gives an account its old address back. Links that undo later changes are withdrawn, or whoever made those changes could take the
     * account again; links that undo earlier ones stay valid. Throws `invalid_one_time_secret` and `email_taken`.
     */
    async undoChange(db: Db, token: string, client: Client): Promise<void> {
      const { userId, email, createdAt } = await secrets.redeem(db, token, ['email_change_undo']);
      const user = await credentials.restoreEmail(db, userId, email);
      if (!user) throw new ServiceError('invalid_one_time_secret');
      await secrets.withdrawSince(db, userId, 'email_change_undo', createdAt);
      await recovery.sendReset(db, user);
      await audit.record(db, { type: 'email.change_undone', outcome: 'success', userId, client });
    },
  };
}
