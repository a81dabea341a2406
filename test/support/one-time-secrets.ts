/** One-time secrets, as mails bring them. */
import type { Purpose } from '../../src/features/one-time-secrets/one-time-secrets.service.ts';
import type { TestApp } from './app.ts';

/** A secret that a user was mailed. */
export async function mailedSecret(
  { context }: TestApp,
  purpose: Exclude<Purpose, 'registration'>,
  { id: userId, email }: { readonly id: string; readonly email: string },
): Promise<string> {
  const { service } = context.features.oneTimeSecrets;
  const secret = { purpose, owner: { userId }, email, ttlSeconds: 600 };
  const { pool } = context.database;
  if (purpose !== 'email_change_undo') return service.issue(pool, secret);
  return (await service.issueLasting(pool, secret, new Date()))!;
}

/** The part of a server's answer that could tell one address from another. */
export function told({ status, headers, bytes }: { status: number; headers: object; bytes: Buffer }) {
  return { status, bytes: bytes.toString(), headers: { ...headers, 'x-request-id': undefined, date: undefined } };
}
