import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Client, components } from '../../../../openapi/clients/typescript/index.ts';

type User = components['schemas']['User'];

const ranks: Partial<Record<string, number>> = { user: 0, moderator: 1, admin: 2 };

export type LeastRole = 'moderator' | 'admin';

/** Whether a role is `least` or higher. A role that this page doesn't know counts as `user`. */
export function holdsRole(role: string, least: LeastRole): boolean {
  return (ranks[role] ?? 0) >= (ranks[least] ?? Infinity);
}

/** Who looks at the console. */
export interface Viewer {
  readonly user: User;
  readonly hasPasskey: boolean;
}

/** What every page of the console works with. */
export interface ConsoleServices {
  readonly me: User;
  /** Whether the viewer may do what is for administrators. */
  readonly isAdmin: boolean;
  /** Its calls wait until somebody has signed in again, should the session have ended, and then go on. */
  readonly client: Client;
}

const ConsoleContext = createContext<ConsoleServices | undefined>(undefined);
export const ConsoleProvider = ConsoleContext.Provider;

/** The services of the console. Throws outside `Console`. */
export function useConsole(): ConsoleServices {
  const services = useContext(ConsoleContext);
  if (!services) throw new Error('this is not in the console');
  return services;
}
