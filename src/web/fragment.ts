import { useEffect, useState } from 'preact/hooks';

/** What stands after the # of a mailed link. It is a secret, so it leaves the address bar and the history at once. */
export function useFragment(): URLSearchParams {
  const [fragment] = useState(() => {
    const { hash, pathname, search } = location;
    if (hash !== '') history.replaceState(history.state, '', pathname + search);
    return new URLSearchParams(hash.slice(1));
  });
  // Another link to the page that is open changes only this part, which loads nothing by itself.
  useEffect(() => {
    const reload = () => location.reload();
    addEventListener('hashchange', reload);
    return () => removeEventListener('hashchange', reload);
  }, []);
  return fragment;
}
