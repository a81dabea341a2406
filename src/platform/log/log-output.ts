import { fstatSync, writeSync } from 'node:fs';

/** How many bytes are kept for a reader that is slow; what goes beyond is lost. */
const patienceBytes = 1024 * 1024;
const retryMs = 100;
/** How long the end of the process waits for such a reader, in milliseconds. */
const lastPatienceMs = 1000;
/** What several processes may write into one pipe without mixing their bytes: PIPE_BUF of POSIX, as Linux has it. */
const wholeBytes = 4096;
const lineEnd = 10;

/**
 * Where log lines go. The lines of one turn of the event loop are written at once. A log that can't be written (a full disk, a
 * pipe without a reader) loses lines and says so on standard error once; it never stops what is logged.
 */
export class LogOutput {
  readonly #fd: number;
  readonly #complain: (message: string) => void;
  #lines = '';
  #bytes = Buffer.alloc(0);
  readonly #isPipe: boolean;
  /** Whether `#bytes` begins with the rest of a line. */
  #isWithinLine = false;
  #isScheduled = false;
  #isBroken = false;
  #lost = 0;

  constructor(fd = 1, complain: (message: string) => void = complainOnStandardError) {
    this.#fd = fd;
    this.#isPipe = fstatSync(fd).isFIFO();
    this.#complain = complain;
  }

  /** How many lines could not be written so far. */
  get lost(): number {
    return this.#lost;
  }

  /** Takes a line with its end; writes it in this turn of the event loop. */
  write(line: string): void {
    this.#lines += line;
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(this.#flush);
  }

  /** Writes what waits, now: before the process ends. */
  flushSync(): void {
    const deadline = performance.now() + lastPatienceMs;
    while (!this.#writeAll() && performance.now() < deadline) sleep(10);
  }

  readonly #flush = () => {
    this.#isScheduled = false;
    if (this.#writeAll()) return;
    this.#isScheduled = true;
    setTimeout(this.#flush, retryMs);
  };

  /** Returns false when a slow reader left something to be written. */
  #writeAll(): boolean {
    while (this.#bytes.length > 0 || this.#lines !== '') {
      if (this.#bytes.length === 0) {
        this.#bytes = Buffer.from(this.#lines);
        this.#lines = '';
      }
      try {
        const written = writeSync(this.#fd, this.#bytes, 0, this.#pieceLength());
        this.#isWithinLine = this.#bytes[written - 1] !== lineEnd;
        this.#bytes = this.#bytes.subarray(written);
        this.#isBroken = false;
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        const isSlow = code === 'EAGAIN';
        if (!isSlow || this.#bytes.length + this.#lines.length >= patienceBytes) this.#lose(code ?? 'an error', isSlow);
        if (isSlow) return false;
      }
    }
    return true;
  }

  /** Whole lines, as many as a pipe takes at once: workers share it. */
  #pieceLength(): number {
    if (!this.#isPipe || this.#bytes.length <= wholeBytes) return this.#bytes.length;
    return this.#bytes.lastIndexOf(lineEnd, wholeBytes - 1) + 1 || this.#bytes.indexOf(lineEnd) + 1;
  }

  /** Loses whole lines where the reader will go on: what it got half of, it gets the rest of. */
  #lose(reason: string, readerGoesOn: boolean): void {
    const kept = readerGoesOn && this.#isWithinLine ? this.#bytes.indexOf(lineEnd) + 1 : 0;
    this.#lost += (this.#bytes.toString('utf8', kept) + this.#lines).split('\n').length - 1;
    this.#bytes = this.#bytes.subarray(0, kept);
    this.#lines = '';
    if (this.#isBroken) return;
    this.#isBroken = true;
    this.#complain(`latchkey: the log can't be written (${reason}); lines are lost until it can\n`);
  }
}

function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

function complainOnStandardError(message: string): void {
  try {
    writeSync(2, message);
  } catch {
    // Nobody can be told.
  }
}
