import { fstatSync, writeSync } from 'node:fs';

/** How many bytes are buffered for a slow reader; the rest is lost. */
const bufferBytes = 1024 * 1024;
/** How long lines wait for those that follow, so that one system call writes the lines of many requests, in milliseconds. */
const gatherMs = 10;
const retryMs = 100;
/** How long an exiting process waits for a slow reader, in milliseconds. */
const exitTimeoutMs = 1000;
/** How much a process can write to a shared pipe atomically: PIPE_BUF of POSIX, as on Linux. */
const atomicBytes = 4096;
const lineEnd = 10;

/**
 * Writes log lines, those of a few milliseconds together. If they can't be written (a full disk, a pipe without a reader),
 * lines are lost, which is reported once on standard error; logging never stops the service.
 */
export class LogOutput {
  readonly #fd: number;
  readonly #complain: (message: string) => void;
  #lines = '';
  #bytes = Buffer.alloc(0);
  readonly #isPipe: boolean;
  /** Whether `#bytes` begins in the middle of a line. */
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

  /** Writes a line, which includes its line break, soon: after 10 ms, or before the process exits. */
  write(line: string): void {
    this.#lines += line;
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setTimeout(this.#flush, gatherMs);
  }

  /** Writes all buffered lines synchronously, before the process exits. */
  flushSync(): void {
    const deadline = performance.now() + exitTimeoutMs;
    while (!this.#writeAll() && performance.now() < deadline) sleep(10);
  }

  readonly #flush = () => {
    this.#isScheduled = false;
    if (this.#writeAll()) return;
    this.#isScheduled = true;
    setTimeout(this.#flush, retryMs);
  };

  /** Returns false if a slow reader left lines unwritten. */
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
        if (!isSlow || this.#bytes.length + this.#lines.length >= bufferBytes) this.#lose(code ?? 'an error', isSlow);
        if (isSlow) return false;
      }
    }
    return true;
  }

  /** As many whole lines as can be written atomically, since workers share the pipe. */
  #pieceLength(): number {
    if (!this.#isPipe || this.#bytes.length <= atomicBytes) return this.#bytes.length;
    return this.#bytes.lastIndexOf(lineEnd, atomicBytes - 1) + 1 || this.#bytes.indexOf(lineEnd) + 1;
  }

  /** Drops the buffered lines; if the reader is only slow, it still gets the rest of a line that it has half of. */
  #lose(reason: string, isSlow: boolean): void {
    const kept = isSlow && this.#isWithinLine ? this.#bytes.indexOf(lineEnd) + 1 : 0;
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
    // There is nowhere left to report it.
  }
}
