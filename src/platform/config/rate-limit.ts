import type { EnvironmentReader } from './env.ts';

/** How many requests a client may send in a window of time. */
export interface RateLimit {
  readonly requests: number;
  readonly windowSeconds: number;
}

/** A limit such as `300/60s`; `undefined` if it is off, which production refuses. */
export function readRateLimit(
  env: EnvironmentReader,
  name: string,
  fallback: RateLimit,
  production: boolean,
): RateLimit | undefined {
  const text = env.text(name);
  if (text === undefined) return fallback;
  if (text === 'off') {
    if (production) env.refuse(name, 'is off', 'production needs a limit, such as 300/60s');
    return undefined;
  }
  const [, requests, windowSeconds] = /^([1-9]\d{0,8})\/([1-9]\d{0,4})s?$/.exec(text) ?? [];
  if (requests && windowSeconds) return { requests: Number(requests), windowSeconds: Number(windowSeconds) };
  env.refuse(name, `is "${text}"`, 'use count/seconds, such as 300/60s');
  return fallback;
}
