import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { NetworkError, ProblemError } from '../../../../openapi/clients/typescript/index.ts';
import { english } from '../../english.ts';
import { messageOf } from '../../problems.ts';
import { Button } from '../button.tsx';
import { Notice } from '../notice.tsx';
import type { Listing, ListPage } from './listing.ts';
import './lists.css';

const text = english.listing;

/** One page of rows. Far from the window, it is an empty space as high as its rows, so that a long list stays as quick as a short one. */
export function Rows({ children }: { readonly children: () => ComponentChildren }) {
  const place = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState<number>();
  useEffect(() => {
    const rows = place.current;
    if (!rows) return undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        const isNear = isSeen(entries) || rows.contains(document.activeElement);
        setHeight(isNear ? undefined : rows.offsetHeight);
      },
      { rootMargin: '2000px 0px' },
    );
    observer.observe(rows);
    return () => observer.disconnect();
  }, []);
  return height === undefined ? (
    <div role="rowgroup" ref={place}>
      {children()}
    </div>
  ) : (
    <div role="presentation" ref={place} style={{ height: `${height}px` }} />
  );
}

/** What stands below a list: it loads the next page before somebody gets there, and says if that went wrong. */
export function Rest<Page extends ListPage>({ listing }: { readonly listing: Listing<Page> }) {
  const { pages, isLoading, isOld, hasMore, fault, loadMore } = listing;
  const place = useRef<HTMLDivElement>(null);
  const again = useRef(loadMore);
  again.current = loadMore;
  const isOffline = fault instanceof NetworkError;

  useEffect(() => {
    if (!hasMore || fault !== undefined || !place.current) return undefined;
    const observer = new IntersectionObserver((entries) => isSeen(entries) && again.current(), {
      rootMargin: '1200px 0px',
    });
    observer.observe(place.current);
    return () => observer.disconnect();
  }, [pages, hasMore, fault]);
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
        <Button look="secondary" onClick={loadMore}>
          {text.more}
        </Button>
      )}
    </div>
  );
}

// What was observed since the last call, of which only the latest counts.
function isSeen(entries: readonly IntersectionObserverEntry[]): boolean {
  return entries.at(-1)?.isIntersecting === true;
}
