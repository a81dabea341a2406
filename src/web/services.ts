import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Client } from '../../openapi/clients/typescript/index.ts';
import type { Configuration } from './configuration.ts';
import type { Proofs } from './proofs.ts';

/** What every page works with. */
export interface Services {
  readonly client: Client;
  readonly configuration: Configuration;
  /** Asks who sits there to prove once more who they are. */
  readonly proofs: Proofs;
  /** What somebody typed on one page and should not have to type again on the next. */
  readonly typed: { email: string };
  /** What pages have loaded and show again at once, until somebody signs out. */
  readonly kept: Map<string, unknown>;
}

const ServicesContext = createContext<Services | undefined>(undefined);
export const ServicesProvider = ServicesContext.Provider;

/** The services of the pages. Throws outside `ServicesProvider`. */
export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (!services) throw new Error('there are no services here');
  return services;
}
