/** Shows how far long work is: a bar at a terminal, else a line now and then. */
export interface Progress {
  /** `done` of the total, in any unit; `count` is what people count. */
  update(done: number, count: number): void;
  /** Removes the bar. */
  end(): void;
}

export interface ProgressOptions {
  readonly output: NodeJS.WriteStream;
  /** `undefined` if unknown. */
  readonly total: number | undefined;
  /** What is counted, in the plural. */
  readonly noun: string;
}

const redrawMs = 200;
const lineMs = 10_000;
const width = 24;

export function createProgress({ output, total, noun }: ProgressOptions): Progress {
  const started = performance.now();
  const everyMs = output.isTTY ? redrawMs : lineMs;
  let last = output.isTTY ? -Infinity : started;
  let isDrawn = false;
  return {
    update(done, count) {
      const now = performance.now();
      if (now - last < everyMs) return;
      last = now;
      const text = describe({ done, count, seconds: (now - started) / 1000, total, noun });
      if (output.isTTY) output.write(`\r\u001b[K${total === undefined ? '' : `${draw(done / total)} `}${text}`);
      else output.write(`${text}\n`);
      isDrawn = output.isTTY;
    },
    end() {
      if (isDrawn) output.write('\r\u001b[K');
      isDrawn = false;
    },
  };
}

interface State {
  readonly done: number;
  readonly count: number;
  readonly seconds: number;
  readonly total: number | undefined;
  readonly noun: string;
}

function describe({ done, count, seconds, total, noun }: State): string {
  const rate = seconds > 0 ? Math.round(count / seconds) : 0;
  const said = `${count.toLocaleString('en')} ${noun}, ${rate.toLocaleString('en')} a second`;
  if (total === undefined || total <= 0 || done <= 0) return said;
  const share = Math.min(1, done / total);
  const left = (seconds / share) * (1 - share);
  return `${Math.floor(share * 100)} %, ${said}, ${describeSpan(left)} left`;
}

function describeSpan(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  return whole < 3600 ? `${Math.floor(whole / 60)} min ${whole % 60} s` : `${Math.ceil(whole / 360) / 10} h`;
}

function draw(share: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * width);
  return `[${'#'.repeat(filled)}${'-'.repeat(width - filled)}]`;
}
