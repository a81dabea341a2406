import { useEffect, useState } from 'preact/hooks';
import { type Client, ProblemError } from '../../../../openapi/clients/typescript/index.ts';
import { english } from '../../english.ts';
import { useServices } from '../../services.ts';
import { findUser, noteUser } from './known-users.ts';
import { useConsole } from './viewer.ts';

interface Found {
  readonly name: string;
  readonly email?: string;
}

const mostAtOnce = 3;

/** Asks for the users of ids, a few at a time; whoever was asked for last, and so is likely to be in sight, comes first. */
class UserNames {
  readonly #client: Client;
  readonly #kept: Map<string, unknown>;
  readonly #gone = new Set<string>();
  readonly #listeners = new Map<string, Set<() => void>>();
  #waiting: string[] = [];
  #running = 0;

  constructor(client: Client, kept: Map<string, unknown>) {
    this.#client = client;
    this.#kept = kept;
  }

  find(id: string): Found | undefined {
    if (this.#gone.has(id)) return { name: english.audit.deleted };
    const user = findUser(this.#kept, id);
    return user && { name: user.full_name, email: user.email };
  }

  /** Calls back once there is something to find; returns a function that ends this. */
  ask(id: string, done: () => void): () => void {
    const listeners = this.#listeners.get(id) ?? new Set();
    const isNew = listeners.size === 0;
    this.#listeners.set(id, listeners.add(done));
    if (isNew) this.#waiting.push(id);
    void this.#work();
    return () => {
      listeners.delete(done);
      if (listeners.size > 0 || !this.#waiting.includes(id)) return;
      this.#waiting = this.#waiting.filter((other) => other !== id);
      this.#listeners.delete(id);
    };
  }

  async #work(): Promise<void> {
    if (this.#running >= mostAtOnce) return;
    const id = this.#waiting.pop();
    if (id === undefined) return;
    this.#running += 1;
    try {
      noteUser(this.#kept, await this.#client.getUser(id));
    } catch (error) {
      if (error instanceof ProblemError && error.status === 404) this.#gone.add(id);
    } finally {
      this.#running -= 1;
    }
    const listeners = this.#listeners.get(id) ?? [];
    this.#listeners.delete(id);
    for (const listener of listeners) listener();
    await this.#work();
  }
}

/** What is known of the user with this id, as soon as it is. */
export function useUserName(id: string | undefined): Found | undefined {
  const { kept } = useServices();
  const { client } = useConsole();
  const [, setAsked] = useState(0);
  const names = (kept.get('names') as UserNames | undefined) ?? new UserNames(client, kept);
  kept.set('names', names);
  const found = id === undefined ? undefined : names.find(id);
  const isWanted = id !== undefined && found === undefined;
  useEffect(() => (isWanted ? names.ask(id, () => setAsked((count) => count + 1)) : undefined), [id, isWanted]);
  return found;
}

/** A link to a user, by the name as soon as it is known, and by the beginning of the id until then. */
export function UserName({ id }: { readonly id: string }) {
  const found = useUserName(id);
  return (
    <a href={`/console/users/${id}`} title={found?.email ?? id}>
      {found?.name ?? `${id.slice(0, 8)}…`}
    </a>
  );
}
