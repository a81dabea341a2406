/** Tells the other tabs of this browser that a mailed link was opened. */

const name = 'latchkey.confirmed';

export function announceConfirmation(): void {
  if (!('BroadcastChannel' in window)) return;
  const channel = new BroadcastChannel(name);
  channel.postMessage('confirmed');
  channel.close();
}

/** Calls `listener` when another tab confirms an address; returns a function that stops it. */
export function onConfirmation(listener: () => void): () => void {
  if (!('BroadcastChannel' in window)) return () => {};
  const channel = new BroadcastChannel(name);
  channel.addEventListener('message', listener);
  return () => channel.close();
}
