import { signingKeyAt, type KeyPair } from './signing-keys.ts';

/** A signing key at a moment, with times in milliseconds since 1970 (`-Infinity`: always). */
export type KeyState = WaitingKey | SigningKeyNow | SupersededKey;

interface WaitingKey {
  readonly key: KeyPair;
  readonly state: 'waiting';
  readonly from: number;
}

interface SigningKeyNow {
  readonly key: KeyPair;
  readonly state: 'signing';
  readonly from: number;
}

/** It signs no more, but verifies. */
interface SupersededKey {
  readonly key: KeyPair;
  readonly state: 'superseded';
  readonly from: number;
  /** From then on, no token that it signed is still valid. */
  readonly unusedFrom: number;
}

/** What each key does at a time, in the order in which they sign. */
export function statesAt(keys: readonly KeyPair[], time: number, accessTtlSeconds: number): KeyState[] {
  const inOrder = [...keys].sort((a, b) => a.signsFrom - b.signsFrom || 0);
  const signing = keys.some(({ signsFrom }) => signsFrom <= time) ? signingKeyAt(keys, time) : undefined;
  return inOrder.map((key, index): KeyState => {
    if (key === signing) return { key, state: 'signing', from: key.signsFrom };
    if (key.signsFrom > time) return { key, state: 'waiting', from: key.signsFrom };
    const from = inOrder.slice(index + 1).find(({ signsFrom }) => signsFrom > key.signsFrom)?.signsFrom ?? -Infinity;
    return { key, state: 'superseded', from, unusedFrom: from + accessTtlSeconds * 1000 };
  });
}

/** Whether removing the key makes no valid token invalid. */
export function mayRetire(state: KeyState, time: number): boolean {
  return state.state === 'superseded' && state.unusedFrom <= time;
}

/** A PEM block with the text that says from when it signs. */
export function withSignsFrom(pem: string, time: number): string {
  return `Signs from: ${new Date(time).toISOString().replace(/\.\d+Z$/, 'Z')}\n${pem}`;
}
