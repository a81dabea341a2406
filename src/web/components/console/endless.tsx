import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { NetworkError, ProblemError } from '../../../../openapi/clients/typescript/index.ts';
import { english } from '../../english.ts';
import { messageOf } from '../../problems.ts';
import { useServices } from '../../services.ts';
import { Button } from '../button.tsx';
import { Notice } from '../notice.tsx';
import type { Listing, ListPage } from './listing.ts';
import './lists.css';

const text = english.listing;

// A search may find nobody for long: then it asks before it goes on.
const mostEmpty = 20;

export interface RowsProps {
  /** What the rows show. */
  readonly of: readonly unknown[];
  readonly children: () => ComponentChildren;
}

/**
 * One page of rows. Far from the window, it is an empty space as high as its rows, so that a long list stays as quick as a short one; it
 * still is when Back shows it again.
 */
export function Rows({ of: items, children }: RowsProps) {
  const heights = useHeights();
  const place = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState(() => heights.get(items));
  useEffect(() => {
    const rows = place.current;
    if (!rows) return undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        const isNear = isSeen(entries) || rows.contains(document.activeElement);
        const space = isNear ? undefined : rows.offsetHeight;
        heights.set(items, space);
        setHeight(space);
      },
      { rootMargin: '2000px 0px' },
    );
    observer.observe(rows);
    return () => observer.disconnect();
  }, [items]);
  return height === undefined ? (
    <div role="rowgroup" ref={place}>
      {children()}
    </div>
  ) : (
    <div role="presentation" ref={place} style={{ height: `${height}px` }} />
  );
}

/** How high the pages are that are empty spaces. */
function useHeights(): WeakMap<readonly unknown[], number | undefined> {
  const { kept } = useServices();
  const heights = (kept.get('heights') as ReturnType<typeof useHeights> | undefined) ?? new WeakMap();
  kept.set('heights', heights);
  return heights;
}

/** What stands below a list: it loads the next page before somebody gets there, and says if that went wrong. */
export function Rest<Page extends ListPage>({ listing }: { readonly listing: Listing<Page> }) {
  const { pages, isLoading, isOld, hasMore, fault, loadMore } = listing;
  const place = useRef<HTMLDivElement>(null);
  const again = useRef(loadMore);
  again.current = loadMore;
  const isOffline = fault instanceof NetworkError;
  const empty = pages.length - 1 - pages.findLastIndex(({ items }) => items.length > 0);
  const asks = empty > 0 && empty % mostEmpty === 0;

  useEffect(() => {
    if (!hasMore || asks || fault !== undefined || !place.current) return undefined;
    const observer = new IntersectionObserver((entries) => isSeen(entries) && again.current(), {
      rootMargin: '1200px 0px',
    });
    observer.observe(place.current);
    return () => observer.disconnect();
  }, [pages, hasMore, asks, fault]);
  useEffect(() => {
    if (!isOffline) return undefined;
    const retry = () => again.current();
    addEventListener('online', retry);
    return () => removeEventListener('online', retry);
  }, [isOffline]);

  return (
    <div class="rest" ref={place}>
      {fault !== undefined && (
        <Notice kind="danger" isAlert>
          <p>
            {isOffline ? text.offline : fault instanceof ProblemError ? messageOf(fault) : english.form.unexpected}{' '}
            {pages.length > 0 && isOld && text.old}
          </p>
          <Button look="link" onClick={loadMore}>
            {english.form.tryNow}
          </Button>
        </Notice>
      )}
      {isLoading && !isOld && <p class="note">{text.loading}</p>}
      {hasMore && !isLoading && fault === undefined && (
        <>
          {asks && <p class="note">{text.nothingYet}</p>}
          <Button look="secondary" onClick={loadMore}>
            {asks ? text.goOn : text.more}
          </Button>
        </>
      )}
    </div>
  );
}

// What was observed since the last call, of which only the latest counts.
function isSeen(entries: readonly IntersectionObserverEntry[]): boolean {
  return entries.at(-1)?.isIntersecting === true;
}
