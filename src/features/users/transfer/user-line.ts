import { isRole, type Role } from '../../../access/user.ts';
import { isInstant } from '../../../platform/formats/date-time.ts';
import { isEmailAddress, normalizeEmailAddress } from '../../../platform/formats/email-address.ts';
import { fullNamePattern, normalizeFullName } from '../../../platform/formats/full-name.ts';
import { isAddressOfOneScript, isNameOfOneScript } from '../../../platform/formats/scripts.ts';
import { canonicalUuid, isUuid } from '../../../platform/formats/uuid.ts';
import { describeViolation } from '../../../platform/violations.ts';
import { storedHash, type HashFault } from '../../passwords/foreign/portable-hash.ts';

/** A user read from a file, normalised as rows are; times are in RFC 3339. */
export interface ImportedUser {
  /** `undefined` if the file has none, so that one is generated; the same goes for the times. */
  readonly id: string | undefined;
  readonly email: string;
  readonly fullName: string;
  readonly role: Role;
  readonly isActive: boolean;
  readonly isProvisional: boolean;
  /** `undefined` if the user has no password. */
  readonly passwordHash: string | undefined;
  readonly emailVerifiedAt: string | undefined;
  readonly createdAt: string | undefined;
  readonly updatedAt: string | undefined;
}

/** Why a line is refused, and what to do about it. It names fields, and never contains their values. */
export interface Refusal {
  readonly field?: string;
  readonly reason: string;
  readonly remedy: string;
}

type Fields = Readonly<Record<string, unknown>>;

const fields = new Set([
  ...['id', 'email', 'full_name', 'role', 'is_active', 'is_provisional', 'email_verified', 'email_verified_at'],
  ...['password_hash', 'created_at', 'updated_at'],
]);

/** Reads one line, or lists all that is wrong with it. `now` becomes the time of verification where a line only says that there was one. */
export function readUserLine(text: string, now: string): ImportedUser | readonly Refusal[] {
  const line = parse(text);
  if (!line) {
    return [{ reason: 'is not a JSON object', remedy: 'write one object on each line, as jq -c does' }];
  }
  const refusals: Refusal[] = [];
  const refuse = (field: string, reason: string, remedy: string): undefined => {
    refusals.push({ field, reason, remedy });
  };
  for (const name of Object.keys(line)) {
    if (!fields.has(name)) refuse(name.slice(0, 100), 'is not a known field', 'leave it out, or correct its name');
  }
  const reader = { line, refuse };
  const createdAt = readTime(reader, 'created_at');
  const user: ImportedUser = {
    id: readId(reader),
    email: readEmail(reader),
    fullName: readFullName(reader),
    role: readRole(reader),
    isActive: readFlag(reader, 'is_active') ?? true,
    isProvisional: readFlag(reader, 'is_provisional') ?? false,
    passwordHash: readHash(reader),
    emailVerifiedAt: readVerification(reader, now),
    createdAt,
    updatedAt: readTime(reader, 'updated_at') ?? createdAt,
  };
  return refusals.length > 0 ? refusals : user;
}

interface Reader {
  readonly line: Fields;
  readonly refuse: (field: string, reason: string, remedy: string) => undefined;
}

function parse(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
  } catch {
    return undefined;
  }
}

/** A string; null counts as absent. Other types are refused. */
function readText({ line, refuse }: Reader, field: string): string | undefined {
  const value = line[field] ?? undefined;
  if (value === undefined || typeof value === 'string') return value;
  return refuse(field, messageOf('type', { expected: 'string' }), 'write it as a string');
}

function readFlag({ line, refuse }: Reader, field: string): boolean | undefined {
  const value = line[field] ?? undefined;
  if (value === undefined || typeof value === 'boolean') return value;
  return refuse(field, messageOf('type', { expected: 'boolean' }), 'write true or false, without quotation marks');
}

function readId(reader: Reader): string | undefined {
  const text = readText(reader, 'id');
  if (text === undefined || isUuid(text)) return text && canonicalUuid(text);
  return reader.refuse('id', messageOf('format', { expected: 'uuid' }), 'leave it out: a new one is then generated');
}

function readEmail(reader: Reader): string {
  const text = readText(reader, 'email');
  if (text === undefined) {
    if (!has(reader, 'email')) reader.refuse('email', 'is missing', 'users sign in with an address: add it');
    return '';
  }
  const email = normalizeEmailAddress(text);
  if (!isEmailAddress(text)) {
    reader.refuse('email', messageOf('format', { expected: 'idn-email' }), 'ask the user for an address');
  } else if (!isAddressOfOneScript(email)) {
    reader.refuse('email', messageOf('mixed_scripts'), 'ask the user for another address');
  }
  return email;
}

const namePattern = new RegExp(fullNamePattern, 'u');
const maxNameLength = 100;

function readFullName(reader: Reader): string {
  const text = readText(reader, 'full_name');
  if (text === undefined) {
    if (!has(reader, 'full_name')) {
      reader.refuse('full_name', 'is missing', 'add a name, or what is before the @ of the address');
    }
    return '';
  }
  const name = normalizeFullName(text);
  if (name === '') reader.refuse('full_name', 'is empty', 'add a name, or what is before the @ of the address');
  else if (name.length > 2 * maxNameLength || Array.from(name).length > maxNameLength) {
    reader.refuse('full_name', messageOf('maxLength', { limit: maxNameLength }), 'shorten it');
  } else if (!name.isWellFormed() || !namePattern.test(name)) {
    reader.refuse(
      'full_name',
      'has line breaks or invisible characters, or nothing visible',
      'remove those characters',
    );
  } else if (!isNameOfOneScript(name)) {
    reader.refuse('full_name', messageOf('mixed_scripts'), 'write each word in one script');
  }
  return name;
}

function readRole(reader: Reader): Role {
  const text = readText(reader, 'role');
  if (text === undefined || isRole(text)) return text ?? 'user';
  reader.refuse('role', 'is none of user, moderator and admin', 'write one of these, or leave it out for user');
  return 'user';
}

function readTime(reader: Reader, field: string): string | undefined {
  const text = readText(reader, field);
  if (text === undefined || isInstant(text)) return text && new Date(text).toISOString();
  return reader.refuse(field, 'is not a time with an offset', 'write it as in 2026-01-15T09:30:00Z');
}

function readVerification(reader: Reader, now: string): string | undefined {
  const time = readTime(reader, 'email_verified_at');
  const isVerified = readFlag(reader, 'email_verified');
  if (isVerified === false && time !== undefined) {
    reader.refuse('email_verified', 'contradicts email_verified_at', 'leave one of them out');
  }
  return time ?? (isVerified === true ? now : undefined);
}

// How systems mark accounts without a password: Unix and Django with a `!`, Supabase with an empty string.
const noPassword = /^(?:!.*)?$/s;

const remedies: Readonly<Record<HashFault, readonly [string, string]>> = {
  unknown: ["is of a kind that can't be verified", 'leave it out: the user then chooses a password by a reset'],
  malformed: ['is cut short, or malformed for its kind', 'correct the export, or leave it out'],
  too_costly: [
    'would take too much time or memory at each sign-in',
    'leave it out: the user then chooses a password by a reset',
  ],
};

function readHash(reader: Reader): string | undefined {
  const text = readText(reader, 'password_hash');
  if (text === undefined || noPassword.test(text)) return undefined;
  const result = storedHash(text);
  return typeof result === 'string' ? reader.refuse('password_hash', ...remedies[result]) : result.stored;
}

const has = ({ line }: Reader, field: string) => (line[field] ?? undefined) !== undefined;

function messageOf(...args: DropFirst<Parameters<typeof describeViolation>>): string {
  return describeViolation([], ...args).message;
}

type DropFirst<List extends readonly unknown[]> = List extends readonly [unknown, ...infer Rest] ? Rest : never;
