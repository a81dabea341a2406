import { useRef, useState } from 'preact/hooks';

/** What a section says once something is done, until something else is. */
export function useDone(reload: () => Promise<void>) {
  const [done, setDone] = useState<string>();
  const latest = useRef(reload);
  latest.current = reload;
  return {
    done,
    forget: () => setDone(undefined),
    finish: async (sentence: string): Promise<void> => {
      await latest.current();
      setDone(sentence);
    },
  };
}
