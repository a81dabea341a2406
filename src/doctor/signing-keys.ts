import { statSync } from 'node:fs';
import { ok, warn, type Finding } from '../platform/findings.ts';
import { mayRetire, statesAt } from '../platform/signing-key-states.ts';
import type { KeyPair } from '../platform/signing-keys.ts';

/** The signing keys, the file they are in, if any, and the issuer and lifetime of the tokens they sign. */
interface SigningKeysToCheck {
  readonly keys: readonly KeyPair[];
  readonly file: string | undefined;
  readonly issuer: string;
  readonly accessTtlSeconds: number;
}

const check = 'signing keys';

/** Whether other services can verify access tokens, now and after the next rotation. */
export function checkSigningKeys(given: SigningKeysToCheck, time = Date.now()): Finding[] {
  const { keys, file, issuer, accessTtlSeconds } = given;
  if (keys.length === 0) {
    return [
      ok(check, 'a secret signs access tokens, so that no other service can verify them; keys generate adds a key'),
    ];
  }
  return [
    describe(keys, accessTtlSeconds, time),
    ...(file === undefined ? [] : checkFile(file)),
    ...checkIssuer(issuer),
  ];
}

function describe(keys: readonly KeyPair[], accessTtlSeconds: number, time: number): Finding {
  const states = statesAt(keys, time, accessTtlSeconds);
  const unused = states.filter((state) => mayRetire(state, time));
  if (unused.length > 0) {
    const names = unused.map(({ key }) => key.id).join(', ');
    return warn(check, `no token signed by ${names} is still valid`, 'remove it with: keys retire');
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

// RFC 8414, section 2.
function checkIssuer(issuer: string): Finding[] {
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined;
  if (url?.protocol === 'https:' && !/[?#]/.test(issuer)) return [];
  const reason = `JWT_ISSUER is ${issuer}, not an https URL, so libraries refuse /.well-known/oauth-authorization-server`;
  const remedy =
    'set it to PUBLIC_URL, here and wherever tokens are verified; clients refresh the tokens that name the old one';
  return [warn(check, reason, remedy)];
}

function checkFile(file: string): Finding[] {
  const mode = statSync(file, { throwIfNoEntry: false })?.mode ?? 0;
  // A file that an orchestrator mounts is for the container's user, whatever its mode.
  if ((mode & 0o004) === 0 || file.startsWith('/run/secrets/')) return [];
  return [warn(check, 'everybody on this machine can read JWT_SIGNING_KEYS_FILE', `chmod o= ${file}`)];
}
