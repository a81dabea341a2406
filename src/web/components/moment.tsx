import { english } from '../english.ts';

export interface MomentProps {
  readonly at: string;
  readonly look?: 'day' | 'short' | 'minute' | 'second';
  /** Whether copies of the page have the exact one, too. */
  readonly isCopied?: boolean;
}

const write = { day: english.date, short: english.shortDate, minute: english.moment, second: english.second };

/** A point in time, local; the exact one appears on hover. */
export function Moment({ at, look = 'day', isCopied = false }: MomentProps) {
  return (
    <time dateTime={at} title={at}>
      {write[look](at)}
      {isCopied && (
        <span class="visually-hidden" aria-hidden="true">
          {' '}
          ({at})
        </span>
      )}
    </time>
  );
}
