/** What the primary and a worker say to each other. Other messages on the same channel are not theirs. */

/** What a primary tells a worker: `stop` when the whole server ends, `retire` when another worker takes its place. */
export type Order = 'stop' | 'retire';

export interface OrderMessage {
  readonly order: Order;
}

/** What a worker asks of the primary. */
export interface ReplacementRequest {
  readonly request: 'replacement';
}

export function isOrder(message: unknown): message is OrderMessage {
  return isObject(message) && (message['order'] === 'stop' || message['order'] === 'retire');
}

export function isReplacementRequest(message: unknown): message is ReplacementRequest {
  return isObject(message) && message['request'] === 'replacement';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
