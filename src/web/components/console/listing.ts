import { useRoute } from 'preact-iso';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useServices } from '../../services.ts';

/** What an operation answers that lists something by cursor. */
export interface ListPage {
  readonly items: readonly unknown[];
  readonly next_cursor: string | null;
}

/** A list that grows by pages, as long as somebody reads on. */
export interface Listing<Page extends ListPage> {
  readonly pages: readonly Page[];
  /** Whether the pages answer an earlier question, and the answer to this one is on its way. */
  readonly isOld: boolean;
  readonly isLoading: boolean;
  /** Why the last page could not be loaded. */
  readonly fault: unknown;
  readonly hasMore: boolean;
  /** Loads the next page, or again the one that could not be loaded. */
  readonly loadMore: () => void;
}

interface Shown<Page> {
  readonly question: string;
  readonly pages: readonly Page[];
}

/** Loads pages of a list: from its beginning for each new question, and on request from where it ended. Back and reload show it where it was left. */
export function useListing<Page extends ListPage>(
  question: string,
  load: (cursor: string | undefined, signal: AbortSignal) => Promise<Page>,
): Listing<Page> {
  const place = usePlace<Shown<Page>>();
  const [shown, setShown] = useState<Shown<Page> | undefined>(() => place.find()?.list);
  const [fault, setFault] = useState<unknown>();
  const [isLoading, setLoading] = useState(false);
  const running = useRef<AbortController | undefined>(undefined);
  const scrolled = useRef<number | undefined>(undefined);

  async function read(before: readonly Page[], until = before.length + 1): Promise<void> {
    running.current?.abort();
    const control = new AbortController();
    running.current = control;
    setLoading(true);
    setFault(undefined);
    try {
      const pages = [...before];
      do {
        pages.push(await load(pages.at(-1)?.next_cursor ?? undefined, control.signal));
        if (control.signal.aborted) return;
      } while (pages.length < until && pages.at(-1)?.next_cursor != null);
      if (before.length === 0 && shown) scrollTo(0, 0);
      setShown({ question, pages });
    } catch (error) {
      if (!control.signal.aborted) setFault(error);
    } finally {
      if (!control.signal.aborted) setLoading(false);
    }
  }

  useLayoutEffect(() => {
    const left = place.find();
    if (left?.list.question === question) {
      setShown(left.list);
      scrollTo(0, left.y);
      return;
    }
    const { pages = 1, y } = place.findUnloaded(question) ?? {};
    scrolled.current = y;
    void read([], pages);
  }, [question]);
  useLayoutEffect(() => {
    if (shown?.question !== question || scrolled.current === undefined) return;
    scrollTo(0, scrolled.current);
    scrolled.current = undefined;
  }, [shown]);
  useEffect(() => {
    if (shown?.question === question) place.keep(shown);
  }, [shown, question]);
  useEffect(() => () => running.current?.abort(), []);

  const pages = shown?.pages ?? [];
  const isOld = shown?.question !== question;
  const hasMore = !isOld && pages.at(-1)?.next_cursor != null;
  return {
    pages,
    isOld,
    isLoading,
    fault,
    hasMore,
    loadMore: () => {
      if (!isLoading && (hasMore || fault !== undefined)) void read(isOld ? [] : pages);
    },
  };
}

interface Left<List> {
  readonly list: List;
  y: number;
}

/** What the browser's history keeps of a list when its page is unloaded. */
interface Unloaded {
  readonly question: string;
  readonly pages: number;
  readonly y: number;
}

interface Entry {
  readonly list?: string;
  readonly unloaded?: Unloaded;
}

const entryOfHistory = () => (history.state ?? {}) as Entry;
const mostKept = 12;
const mostReloaded = 20;

/** Where somebody is in the browser's history: a list is kept for each entry, with how far it was scrolled. */
function usePlace<List extends { readonly question: string; readonly pages: readonly unknown[] }>() {
  const { kept } = useServices();
  // Of this page, while the address may already be that of the next, which is being loaded.
  const { query } = useRoute();
  const entry = useRef('');
  const nameOfEntry = () => {
    const state = entryOfHistory();
    if (state.list !== undefined) return state.list;
    const list = `list ${Date.now()} ${Math.random()}`;
    history.replaceState({ ...state, list }, '');
    return list;
  };
  useLayoutEffect(() => {
    entry.current = nameOfEntry();
  }, [query]);
  useEffect(() => {
    const left = () => kept.get(entry.current) as Left<List> | undefined;
    const note = () => {
      const list = left();
      if (list) list.y = scrollY;
    };
    const noteInHistory = () => {
      const { list, y } = left() ?? {};
      if (!list || y === undefined) return;
      const unloaded = { question: list.question, pages: list.pages.length, y };
      history.replaceState({ ...entryOfHistory(), unloaded }, '');
    };
    addEventListener('scroll', note, { passive: true });
    addEventListener('pagehide', noteInHistory);
    return () => {
      removeEventListener('scroll', note);
      removeEventListener('pagehide', noteInHistory);
    };
  }, [kept]);
  return {
    find: () => kept.get(nameOfEntry()) as Left<List> | undefined,
    findUnloaded(question: string): Unloaded | undefined {
      const { unloaded } = entryOfHistory();
      return unloaded?.question === question
        ? { ...unloaded, pages: Math.min(unloaded.pages, mostReloaded) }
        : undefined;
    },
    keep(list: List): void {
      kept.delete(entry.current);
      kept.set(entry.current, { list, y: scrollY });
      const lists = [...kept.keys()].filter((name) => name.startsWith('list '));
      for (const name of lists.slice(0, -mostKept)) kept.delete(name);
    },
  };
}
