import { createHash } from 'node:crypto';
import type { Log } from '../../platform/log/log.ts';
import { normalize } from './fold.ts';

/** The outcome of a search for a breached password. */
export type BreachOutcome = (typeof breachOutcomes)[number];

export const breachOutcomes = ['clear', 'breached', 'failed'] as const;

export interface BreachedPasswordsParts {
  /** The service to ask, without `/range`. */
  readonly url: string;
  readonly record: (outcome: BreachOutcome) => void;
  readonly log: Pick<Log, 'warn'>;
}

/** Tells whether a password appears in known breaches (ASVS 6.2.12). */
export type BreachedPasswords = (password: string) => Promise<boolean>;

const timeoutMs = 1000;

/**
 * Asks a service that speaks the Pwned Passwords protocol. It learns only the first 5 of a SHA-1's 40 hexadecimal digits, which about a
 * thousand breached passwords share; padding hides the exact number from anyone who sees only lengths. If there is no proper answer within
 * a second, the password is accepted.
 */
export function createBreachedPasswords({ url, record, log }: BreachedPasswordsParts): BreachedPasswords {
  return async (password) => {
    const digest = createHash('sha1').update(normalize(password)).digest('hex').toUpperCase();
    const [prefix, suffix] = [digest.slice(0, 5), digest.slice(5)];
    try {
      const isBreached = holds(await fetchRange(`${url}/range/${prefix}`), suffix);
      record(isBreached ? 'breached' : 'clear');
      return isBreached;
    } catch (error) {
      record('failed');
      log.warn(
        { event: 'breached_passwords_failed', reason: reasonOf(error) },
        'could not search for a breached password',
      );
      return false;
    }
  };
}

async function fetchRange(url: string): Promise<string> {
  const response = await fetch(url, {
    headers: { 'Add-Padding': 'true', 'User-Agent': 'latchkey', Accept: 'text/plain' },
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (response.status !== 200 || !response.body) {
    await response.body?.cancel();
    throw new Error(`status ${response.status}`);
  }
  return readText(response.body);
}

// Fifty times the size of a range.
const maxRangeBytes = 2_000_000;

async function readText(body: ReadableStream<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > maxRangeBytes) throw new Error('the answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('latin1');
}

/** Whether a range of `suffix:count` lines has this one; padding has the count 0. Throws if it is something else. */
function holds(range: string, suffix: string): boolean {
  const lines = range.split('\n').map((line) => line.trim());
  const others = lines.filter((line) => !/^[0-9A-F]{35}:\d{1,12}$/.test(line));
  if (others.some((line) => line !== '') || others.length === lines.length)
    throw new Error('the answer is not a range');
  const count = lines.find((line) => line.startsWith(`${suffix}:`))?.slice(suffix.length + 1);
  return Number(count ?? 0) > 0;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
