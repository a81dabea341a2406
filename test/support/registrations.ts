/** Clients that register people without pause, and remember what they were told. */
import { newPerson, registration } from './people.ts';

export interface Told {
  readonly status: number;
  /** Of the account, where there is one now. */
  readonly id?: string;
  readonly headers: Headers;
  readonly code?: string;
  readonly milliseconds: number;
}

export interface Registrations {
  /** All answers so far. */
  readonly told: Told[];
  /** Requests that got no answer. */
  readonly unanswered: string[];
  count(status: number): number;
  /** Ends it when the last answers are there. */
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

/** The accounts of which clients were told that they are there. */
export function acknowledged({ told }: Registrations): string[] {
  return told.flatMap(({ status, id }) => (status === 201 && id ? [id] : []));
}
