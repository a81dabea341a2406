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
      if (shown === left.list) focusLink(left.focused);
      return;
    }
    const { pages = 1, y } = place.takeUnloaded() ?? {};
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

function focusLink(address: string | null | undefined): void {
  if (address == null) return;
  document.querySelector<HTMLElement>(`main a[href="${CSS.escape(address)}"]`)?.focus({ preventScroll: true });
}

interface Left<List> {
  readonly list: List;
  y: number;
  /** Where the link leads that had the focus last. */
  focused?: string | null | undefined;
}

/** How much of a list there was when its page was unloaded. */
interface Unloaded {
  readonly name: string;
  readonly pages: number;
  readonly y: number;
}

const storedUnder = 'latchkey list';
const mostKept = 12;
const mostReloaded = 20;

/** Where somebody is in the browser's history: a list is kept for each entry, with how far it was scrolled. */
function usePlace<List extends { readonly pages: readonly unknown[] }>() {
  const { kept } = useServices();
  // Of this page, while the address may already be that of the next, which is being loaded.
  const { query } = useRoute();
  const entry = useRef('');
  const nameOfEntry = () => {
    const state = history.state as { readonly list?: string } | null;
    if (state?.list !== undefined) return state.list;
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
    const noteUnload = () => {
      const list = left();
      if (!list) return;
      const unloaded: Unloaded = { name: entry.current, pages: list.list.pages.length, y: list.y };
      sessionStorage.setItem(storedUnder, JSON.stringify(unloaded));
    };
    const noteFocus = ({ target }: FocusEvent) => {
      const list = left();
      if (list && target instanceof Element) list.focused = target.closest('main a')?.getAttribute('href');
    };
    addEventListener('scroll', note, { passive: true });
    addEventListener('focusin', noteFocus);
    addEventListener('pagehide', noteUnload);
    return () => {
      removeEventListener('scroll', note);
      removeEventListener('focusin', noteFocus);
      removeEventListener('pagehide', noteUnload);
    };
  }, [kept]);
  return {
    find: () => kept.get(nameOfEntry()) as Left<List> | undefined,
    takeUnloaded(): Unloaded | undefined {
      const unloaded = JSON.parse(sessionStorage.getItem(storedUnder) ?? 'null') as Unloaded | null;
      sessionStorage.removeItem(storedUnder);
      if (unloaded?.name !== nameOfEntry()) return undefined;
      return { ...unloaded, pages: Math.min(unloaded.pages, mostReloaded) };
    },
    keep(list: List): void {
      const focused = (kept.get(entry.current) as Left<List> | undefined)?.focused;
      kept.delete(entry.current);
      kept.set(entry.current, { list, y: scrollY, focused } satisfies Left<List>);
      const lists = [...kept.keys()].filter((name) => name.startsWith('list '));
      for (const name of lists.slice(0, -mostKept)) kept.delete(name);
    },
  };
}
