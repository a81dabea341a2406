import { signingKeyAt, type KeyPair } from './signing-keys.ts';

/** The state of a signing key at some moment; times are in milliseconds since 1970 (`-Infinity`: always). */
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

/** No longer signs, but still verifies. */
interface SupersededKey {
  readonly key: KeyPair;
  readonly state: 'superseded';
  readonly from: number;
  /** When the last token it signed expires. */
  readonly unusedFrom: number;
}

/** The state of each key at a given time, in the order in which they sign. */
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

/** Whether the key can be removed without invalidating a token. */
export function mayRetire(state: KeyState, time: number): boolean {
  return state.state === 'superseded' && state.unusedFrom <= time;
}

/** A PEM block, preceded by the line that says when it starts to sign. */
export function withSignsFrom(pem: string, time: number): string {
  return `Signs from: ${new Date(time).toISOString().replace(/\.\d+Z$/, 'Z')}\n${pem}`;
}
