/**
 * Lets a command end as usual when its output can't be written: silently if the reader of the pipe, such as head, has had enough, else
 * with a line on standard error and status 1. Returns whether an error was reported like that.
 */
export function watchOutput(): (error: unknown) => boolean {
  let reported: NodeJS.ErrnoException | undefined;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || reported) return;
    reported = error;
    process.exitCode = 1;
    process.stderr.write(`latchkey: standard output can't be written (${error.code})\n`);
  });
  // Nobody is left to be told.
  process.stderr.on('error', () => {});
  return (error) => error === reported;
}
