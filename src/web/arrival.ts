import { useLocation } from 'preact-iso';
import { useEffect } from 'preact/hooks';
import { keepReturn, takeReturn } from './return-to.ts';
import { useServices } from './services.ts';

/** Keeps where the page's address wants people to go, and returns what takes them there once they are signed in. */
export function useArrival(): () => void {
  const { route } = useLocation();
  const { return_origins: listed } = useServices().configuration;
  useEffect(() => keepReturn(location.search, listed), [listed]);
  return () => {
    const url = takeReturn(location.search, listed);
    if (url.origin === location.origin) route(url.pathname + url.search + url.hash, true);
    else location.assign(url);
  };
}
