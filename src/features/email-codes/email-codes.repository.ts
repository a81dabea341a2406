import { raw } from 'objection';
import type { Db } from '../../platform/database/database.ts';
import { prepare } from '../../platform/database/prepared.ts';
import { lockUser, sameCredentials } from '../users/joined-user.ts';
import { EmailCodeModel } from './email-codes.model.ts';

/** The mail that brings a code, and to whom. */
export interface CodeMail {
  readonly id: string;
  readonly userId: string;
  readonly email: string;
}

/** How long a code is valid, how often it may be tried, and how many mails of an hour bring one to an address. */
export interface CodeBounds {
  readonly ttlSeconds: number;
  readonly maxAttempts: number;
  readonly mailsPerHour: number;
}

/** A code that a mail may bring. */
export interface OpenCode {
  /** Whether this is the first attempt at the mail. */
  readonly isNew: boolean;
  readonly secondsLeft: number;
}

/**
 * Opens the code of a mail, and ends the one before it. A later attempt at the same mail finds its code again. `undefined` if that is no
 * longer valid, or if the address got too many mails. Locks the user first, as whatever uses a code does.
 */
export async function openCode(
  db: Db,
  { id, userId, email }: CodeMail,
  bounds: CodeBounds,
): Promise<OpenCode | undefined> {
  await lockUser(db, userId);
  const known = await EmailCodeModel.query(db).findById(id);
  if (known) return findOpenCode(db, id, bounds);
  if ((await countMailsOfLastHour(db, email)) >= bounds.mailsPerHour) return undefined;
  await EmailCodeModel.query(db)
    .patch({ ended_at: raw('clock_timestamp()') })
    .where({ user_id: userId, ended_at: null });
  await EmailCodeModel.query(db).insert({
    mail_id: id,
    user_id: userId,
    email,
    credentials_version: raw('(select credentials_version from users where id = ?)', [userId]),
    expires_at: raw(`now() + ? * interval '1 second'`, [bounds.ttlSeconds]),
  });
  return { isNew: true, secondsLeft: bounds.ttlSeconds };
}

/**
 * Counts an attempt at the open code of a user before it is compared; of simultaneous ones, each waits for those before it. Returns the mail
 * that brought the code; `undefined` if no code is valid.
 */
export async function countAttempt(
  db: Db,
  { userId, email }: Omit<CodeMail, 'id'>,
  { maxAttempts }: CodeBounds,
): Promise<CodeMail | undefined> {
  const [row] = await count(db, userId, email, maxAttempts);
  return row && { id: row.mail_id, userId, email };
}

const count = prepare<Pick<EmailCodeModel, 'mail_id'>>(
  `update email_codes set attempts = attempts + 1
  from users
  where user_id = $1 and email_codes.email = $2 and ended_at is null and attempts < $3 and expires_at > now()
    and users.id = user_id and users.credentials_version = email_codes.credentials_version
  returning mail_id`,
);

/** Uses a code up; of simultaneous calls, one succeeds. Locks the user first. */
export async function closeCode(db: Db, { id, userId }: CodeMail): Promise<boolean> {
  await lockUser(db, userId);
  return (await valid(db, id).patch({ ended_at: raw('clock_timestamp()') })) === 1;
}

/** Those of a user that are still there, the newest first. */
export async function findCodes(db: Db, userId: string, limit: number): Promise<EmailCodeModel[]> {
  return EmailCodeModel.query(db).where({ user_id: userId }).orderBy('created_at', 'desc').limit(limit);
}

export async function deleteCodesOfUser(db: Db, userId: string): Promise<void> {
  await EmailCodeModel.query(db).delete().where({ user_id: userId });
}

/** Deletes up to `limit` codes that expired at least an hour ago, since until then their mails count; returns how many. */
export async function deleteExpiredCodes(db: Db, limit: number): Promise<number> {
  const expired = EmailCodeModel.query(db).select('mail_id').where('expires_at', '<', raw(`now() - interval '1 hour'`));
  return EmailCodeModel.query(db)
    .delete()
    .whereRaw('mail_id = any(array(?))', [expired.limit(limit).forUpdate().skipLocked()]);
}

async function findOpenCode(db: Db, id: string, { maxAttempts }: CodeBounds): Promise<OpenCode | undefined> {
  const row = await valid(db, id)
    .select(raw('floor(extract(epoch from expires_at - now()))::integer as seconds_left'))
    .where('attempts', '<', maxAttempts)
    .first();
  return row && { isNew: false, secondsLeft: (row as unknown as { seconds_left: number }).seconds_left };
}

function valid(db: Db, id: string) {
  return EmailCodeModel.query(db)
    .where({ mail_id: id, ended_at: null })
    .where('expires_at', '>', raw('now()'))
    .whereExists(sameCredentials(db, 'email_codes'));
}

async function countMailsOfLastHour(db: Db, email: string): Promise<number> {
  const mails = EmailCodeModel.query(db).where({ email });
  return mails.where('created_at', '>', raw(`now() - interval '1 hour'`)).resultSize();
}
