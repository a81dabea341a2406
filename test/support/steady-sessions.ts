/** People who read and refresh continuously, each in a session of their own, and check their tokens as another service would. */
import { createPublicKey } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import jwt from 'jsonwebtoken';
import type { PublicJwk } from '../../src/platform/signing-keys.ts';
import { newPerson, registration } from './people.ts';

export interface SteadySessions {
  /** The keys that signed their tokens, by id. */
  readonly kids: ReadonlySet<string>;
  /** Each 503 that they waited out. */
  readonly refusals: readonly { readonly code: string; readonly retryAfter: string | null }[];
  answered(): number;
  /** How often each has refreshed. */
  refreshed(): number[];
  /** Has them verify their tokens with published keys. */
  verifyWith(keys: PublicJwk[]): void;
  /** Stops after the requests in flight are answered, and returns the failures. Whoever fails stops at once. */
  stop(): Promise<string[]>;
}

interface Habits {
  readonly people: number;
  readonly refreshEveryMs: number;
  /** Whether they repeat what was answered 503. */
  readonly patient?: boolean;
}

export function startSteadySessions(
  origin: string,
  { people, refreshEveryMs, patient = false }: Habits,
): SteadySessions {
  const kids = new Set<string>();
  const failures: string[] = [];
  const refusals: { code: string; retryAfter: string | null }[] = [];
  const refreshed = Array.from({ length: people }, () => 0);
  let answered = 0;
  let stopping = false;
  let jwks: PublicJwk[] = [];

  async function send(operation: string, init: RequestInit): Promise<Record<string, string>> {
    for (;;) {
      const answer = await fetch(`${origin}/api/v1/auth/${operation}`, init);
      const text = await answer.text();
      if (!answer.ok && !(patient && answer.status === 503)) {
        throw new Error(`${operation} answered ${answer.status}: ${text}`);
      }
      const body = JSON.parse(text) as Record<string, string>;
      if (answer.ok) {
        answered++;
        return body;
      }
      refusals.push({ code: body['code'] ?? '', retryAfter: answer.headers.get('Retry-After') });
      await pause(100);
    }
  }
  const post = (operation: string, body: object) =>
    send(operation, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });

  function check(token: string): void {
    const { kid = '' } = jwt.decode(token, { complete: true })!.header;
    kids.add(kid);
    if (jwks.length === 0) return;
    const key = jwks.find((one) => one.kid === kid);
    if (!key) throw new Error(`the keys that were published before don't include ${kid}`);
    jwt.verify(token, createPublicKey({ key: { ...key }, format: 'jwk' }), { algorithms: [key.alg] });
  }

  async function act(index: number): Promise<void> {
    const person = newPerson();
    await post('register', registration(person));
    let tokens = await post('login', { email: person.email, password: person.password });
    let refreshAt = Date.now() + refreshEveryMs;
    while (!stopping) {
      check(tokens['access_token']!);
      await send('me', { headers: { Authorization: `Bearer ${tokens['access_token']}` } });
      if (Date.now() > refreshAt) {
        tokens = await post('refresh', { refresh_token: tokens['refresh_token'] });
        refreshed[index]!++;
        refreshAt = Date.now() + refreshEveryMs;
      }
      // A person reads, too; without this, what happens beside it would have to wait for a processor.
      await pause(Math.min(refreshEveryMs, 100));
    }
  }

  const acting = Promise.all(
    refreshed.map((_, index) => act(index).catch((error: unknown) => failures.push(String(error)))),
  );
  return {
    kids,
    refusals,
    answered: () => answered,
    refreshed: () => [...refreshed],
    verifyWith: (keys) => void (jwks = keys),
    async stop() {
      stopping = true;
      await acting;
      return failures;
    },
  };
}
