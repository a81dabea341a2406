/** Clients that register people continuously and record the answers. */
import { newPerson, registration } from './people.ts';

export interface Told {
  readonly status: number;
  /** The account's id, if it was created. */
  readonly id?: string;
  readonly headers: Headers;
  readonly code?: string;
  readonly milliseconds: number;
}

export interface Registrations {
  /** All answers so far. */
  readonly told: Told[];
  /** Errors of requests that got no answer. */
  readonly unanswered: string[];
  count(status: number): number;
  /** Stops after the requests in flight are answered. */
  stop(): Promise<void>;
}

export function startRegistrations(origin: string, clients: number): Registrations {
  const told: Told[] = [];
  const unanswered: string[] = [];
  let stopping = false;

  async function register(): Promise<void> {
    const began = performance.now();
    const answer = await fetch(`${origin}/api/v1/auth/register`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(registration(newPerson())),
    });
    const { id, code } = (await answer.json()) as { id?: string; code?: string };
    const { status, headers } = answer;
    told.push({ status, headers, milliseconds: performance.now() - began, ...(id && { id }), ...(code && { code }) });
  }

  async function act(): Promise<void> {
    while (!stopping) await register().catch((error: unknown) => unanswered.push(String(error)));
  }

  const acting = Promise.all(Array.from({ length: clients }, act));
  return {
    told,
    unanswered,
    count: (status) => told.filter((each) => each.status === status).length,
    async stop() {
      stopping = true;
      await acting;
    },
  };
}

/** The ids of accounts whose creation was acknowledged. */
export function acknowledged({ told }: Registrations): string[] {
  return told.flatMap(({ status, id }) => (status === 201 && id ? [id] : []));
}
