import { useLocation } from 'preact-iso';

/** Parameters of the address, of which those that say nothing are left out. */
export type Parameters = Readonly<Record<string, string | undefined>>;

/** A path with parameters. */
export function addressOf(path: string, parameters: Parameters): string {
  const said = Object.entries(parameters).filter((pair): pair is [string, string] => Boolean(pair[1]));
  return said.length === 0 ? path : `${path}?${new URLSearchParams(said).toString()}`;
}

/** Has the address say something else about the same page: as a step that Back undoes, or, while somebody types, in place of what it said. */
export function useAddress(): (address: string, how: 'step' | 'typing') => void {
  const { route } = useLocation();
  return (address, how) => {
    const state = history.state as unknown;
    route(address, how === 'typing');
    // The router forgets what the entry is called under which its list is kept.
    if (how === 'typing') history.replaceState(state, '');
  };
}
