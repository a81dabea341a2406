import { statSync } from 'node:fs';
import { ok, warn, type Finding } from '../platform/findings.ts';
import { mayRetire, statesAt } from '../platform/signing-key-states.ts';
import type { KeyPair } from '../platform/signing-keys.ts';

/** The signing keys, the file they are in, if any, and how long the tokens live that they sign. */
interface SigningKeysToCheck {
  readonly keys: readonly KeyPair[];
  readonly file: string | undefined;
  readonly accessTtlSeconds: number;
}

const check = 'signing keys';

/** Whether other services can verify access tokens, now and after the next rotation. */
export function checkSigningKeys({ keys, file, accessTtlSeconds }: SigningKeysToCheck, time = Date.now()): Finding[] {
  if (keys.length === 0) {
    return [
      ok(check, 'a secret signs access tokens, so that no other service can verify them; keys generate adds a key'),
    ];
  }
  return [describe(keys, accessTtlSeconds, time), ...(file === undefined ? [] : checkFile(file))];
}

function describe(keys: readonly KeyPair[], accessTtlSeconds: number, time: number): Finding {
  const states = statesAt(keys, time, accessTtlSeconds);
  const unused = states.filter((state) => mayRetire(state, time));
  if (unused.length > 0) {
    const names = unused.map(({ key }) => key.id).join(', ');
    return warn(check, `no valid token is signed by ${names} any more`, 'remove it with: keys retire');
  }
  const signing = states.find(({ state }) => state === 'signing');
  const waiting = states.find(({ state }) => state === 'waiting');
  const now = signing
    ? `${signing.key.id} signs access tokens (${signing.key.algorithm})`
    : 'a secret signs access tokens';
  if (!waiting) return ok(check, now);
  const from = new Date(waiting.from).toISOString();
  return ok(check, `${now}; ${waiting.key.id} follows at ${from}, and every server needs it by then`);
}

function checkFile(file: string): Finding[] {
  const mode = statSync(file, { throwIfNoEntry: false })?.mode ?? 0;
  // What an orchestrator mounts is for the container's user, whatever its mode.
  if ((mode & 0o004) === 0 || file.startsWith('/run/secrets/')) return [];
  return [warn(check, 'everybody on this machine can read JWT_SIGNING_KEYS_FILE', `chmod o= ${file}`)];
}
