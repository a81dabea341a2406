import { english } from '../../english.ts';

const text = english.overview;

/** A count, up to a bound. */
export interface Count {
  readonly count: number;
  readonly is_exact: boolean;
}

export interface PlotProps {
  readonly title: string;
  /** The days with their counts, the oldest first; the last one is not over. */
  readonly days: readonly { readonly date: string; readonly value: Count }[];
}

const [width, height, bar, step] = [280, 72, 14, 20];

/** Counts of some days as bars, with the same as a table behind. Today's bar is hollow, since the day is not over. */
export function Plot({ title, days }: PlotProps) {
  const last = days.at(-1);
  const first = days[0];
  if (!last || !first) return null;
  const most = days.reduce((one, other) => (other.value.count > one.value.count ? other : one));
  const least = days.reduce((one, other) => (other.value.count < one.value.count ? other : one));
  const [now, top] = [text.counted(last.value), text.counted(most.value)];
  const name = text.plot(title, now, top, text.day(most.date), text.counted(least.value));
  const scale = (height - 2) / Math.max(1, most.value.count);
  return (
    <figure class="plot">
      <figcaption>
        <span>{title}</span>
        <strong>{text.today(now)}</strong>
      </figcaption>
      <p class="plot-most note small" aria-hidden="true">
        {text.most(top)}
      </p>
      <svg role="img" aria-label={name} viewBox={`0 0 ${width} ${height + 2}`} preserveAspectRatio="none">
        <line x1="0" x2={width} y1={height + 1} y2={height + 1} class="plot-base" />
        {days.map(({ date, value }, index) => {
          const high = value.count === 0 ? 0 : Math.max(2, value.count * scale);
          const x = index * step + (step - bar) / 2;
          return (
            <rect
              key={date}
              class={date === last.date ? 'plot-today' : undefined}
              x={x}
              y={height - high}
              width={bar}
              height={high}
              rx="2"
            >
              <title>{text.bar(date, text.counted(value))}</title>
            </rect>
          );
        })}
      </svg>
      <p class="plot-days note small" aria-hidden="true">
        <span>{text.day(first.date)}</span>
        <span>{text.todayMark}</span>
      </p>
      <details>
        <summary aria-label={text.tableOf(title)}>{text.table}</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">{text.columns.day}</th>
              <th scope="col">{text.columns.count}</th>
            </tr>
          </thead>
          <tbody>
            {days.toReversed().map(({ date, value }) => (
              <tr key={date}>
                <th scope="row">{text.day(date)}</th>
                <td>{text.counted(value)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
