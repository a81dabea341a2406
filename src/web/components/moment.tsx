import { english } from '../english.ts';

/** A point in time, local; the exact one appears on hover, and in copies of the page. */
export function Moment({ at, withTime = false }: { readonly at: string; readonly withTime?: boolean }) {
  return (
    <time dateTime={at} title={at}>
      {withTime ? english.moment(at) : english.date(at)}
    </time>
  );
}
