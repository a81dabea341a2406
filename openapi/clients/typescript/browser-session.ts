import type { CallOptions } from './calls.ts';
import type { components, Operations } from './contract.ts';
import { randomKey } from './random.ts';
import type { Tokens, TokenStore } from './tokens.ts';
import { pause } from './waiting.ts';

/** The browser APIs in use, so that the package does not depend on DOM types. */
interface Browser {
  readonly navigator?: { readonly locks?: Locks };
  readonly BroadcastChannel?: new (name: string) => Channel;
}

interface Locks {
  request<Result>(name: string, work: () => Promise<Result>): Promise<Result>;
  request<Result>(
    name: string,
    options: { ifAvailable: true },
    work: (lock: object | null) => Promise<Result>,
  ): Promise<Result>;
}

interface Channel {
  postMessage(message: unknown): void;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
}

/** Tokens of a response, with the session that they belong to. */
export type PairOfSession = components['schemas']['TokenPair'] & { readonly session?: string };

/** The operations that put tokens into cookies instead of a body. */
const cookieOperations = ['answerChallenge', 'login', 'loginWithCode', 'loginWithPasskey', 'reauthenticate'] as const;

/**
 * Operations that return what they would with tokens in bodies: whatever puts them into cookies is followed by the call that returns an
 * access token. In place of a refresh token, which no script sees, is a name for this turn of it.
 */
export function withCookies(operations: Operations): Operations {
  const goOn = async (options?: CallOptions): Promise<PairOfSession> => {
    const token = await operations.continueBrowserSession(options);
    const session = sessionOf(token.access_token);
    return { ...token, refresh_token: randomKey(), ...(session !== undefined && { session }) };
  };
  const followed = cookieOperations.map((id) => {
    const call = operations[id] as (body: unknown, options?: CallOptions) => Promise<unknown>;
    const both = async (body: unknown, options?: CallOptions) => {
      await call(body, options);
      return goOn(options);
    };
    return [id, both] as const;
  });
  return {
    ...operations,
    ...(Object.fromEntries(followed) as unknown as Pick<Operations, (typeof cookieOperations)[number]>),
    refreshTokens: (_grant, options) => goOn(options),
    logout: operations.endBrowserSession,
  };
}

/** The id of the session, by which tabs know whether they are signed in as the same person. */
function sessionOf(accessToken: string): string | undefined {
  try {
    const claims = atob((accessToken.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/'));
    return (JSON.parse(claims) as { sid?: string }).sid;
  } catch {
    return undefined;
  }
}

// A message of another tab may arrive a little after its lock is free.
const settleSeconds = 0.1;

/**
 * Keeps access tokens in memory, and hands them to the other tabs of the origin. Tabs continue the session one at a time, so that one of
 * them does it for all. Where a browser has neither locks nor channels, each tab does so for itself.
 */
export function cookieTokenStore(name: string): TokenStore {
  const { navigator, BroadcastChannel } = globalThis as unknown as Browser;
  const channel = BroadcastChannel && new BroadcastChannel(name);
  const locks = navigator?.locks;
  const listeners: (() => void)[] = [];
  let kept: Tokens | undefined;
  if (channel) {
    channel.onmessage = ({ data }) => {
      kept = (data as Tokens | null) ?? undefined;
      for (const listener of listeners) listener();
    };
    // Only Node has this: a program ends although the client could still hear from others.
    (channel as { unref?: () => void }).unref?.();
  }
  return {
    get: () => kept,
    set(tokens) {
      kept = tokens;
      channel?.postMessage(tokens ?? null);
    },
    async lock(work) {
      if (!locks) return work();
      const atOnce = await locks.request(name, { ifAvailable: true }, async (lock) => lock && { result: await work() });
      if (atOnce) return atOnce.result;
      return locks.request(name, async () => {
        await pause(settleSeconds);
        return work();
      });
    },
    watch: (listener) => void listeners.push(listener),
  };
}
