import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useServices } from '../services.ts';

export interface PageProps {
  readonly title: string;
  /** The sentence below the title; every second part of a list stands out. */
  readonly lead?: string | readonly string[] | undefined;
  readonly isWide?: boolean;
  readonly children?: ComponentChildren;
}

// The first title of a document is read by itself; later ones, of a page or of a step, get the focus.
let hasShownTitle = false;

/** A page, or a step of one: its title and what there is to do. */
export function Page({ title, lead, isWide = false, children }: PageProps) {
  const { configuration } = useServices();
  const heading = useRef<HTMLHeadingElement>(null);
  const isNew = useRef(true);
  const { service_name: service } = configuration;

  useEffect(() => {
    document.title = title.includes(service) ? title : `${title} – ${service}`;
    // A page that the Back button brings back stays where it was left.
    if (hasShownTitle && !isFieldFocused() && !(isNew.current && isFocusedIn(heading.current?.closest('main')))) {
      heading.current?.focus({ preventScroll: isNew.current });
    }
    hasShownTitle = true;
    isNew.current = false;
  }, [title, service]);

  return (
    <main class={isWide ? 'page wide' : 'page'}>
      <div class="stack">
        <div class="heading">
          <h1 tabIndex={-1} ref={heading}>
            {title}
          </h1>
          {lead !== undefined && <p class="lead">{typeof lead === 'string' ? lead : <Emphasised parts={lead} />}</p>}
        </div>
        {children}
      </div>
    </main>
  );
}

function isFieldFocused(): boolean {
  return document.activeElement instanceof HTMLInputElement;
}

function isFocusedIn(place: Element | null | undefined): boolean {
  return place?.contains(document.activeElement) ?? false;
}

/** A sentence in parts, of which every second one stands out, such as an address. */
export function Emphasised({ parts }: { readonly parts: readonly string[] }) {
  return <>{parts.map((part, index) => (index % 2 === 1 ? <strong key={part}>{part}</strong> : part))}</>;
}
