import { readFileSync } from 'node:fs';

/**
 * Thrown for a file that can't be read as text. The message is the system's code, such as ENOENT, or says what is wrong with the content;
 * `remedy` says what to do.
 */
export class UnreadableFileError extends Error {
  override readonly name = 'UnreadableFileError';
  readonly remedy: string;

  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.remedy = remedies[reason] ?? 'check the path and its permissions';
  }
}

const notUtf8 = 'it is not UTF-8';
const remedies: Record<string, string> = { [notUtf8]: 'save it as UTF-8', EISDIR: 'name a file, not a directory' };

/** Reads a file as UTF-8, without a byte order mark. Throws an UnreadableFileError, also for any other encoding. */
export function readTextFile(file: string): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    const { code = 'an error' } = error as NodeJS.ErrnoException;
    throw new UnreadableFileError(code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? notUtf8 : code, { cause: error });
  }
  // UTF-16 without a byte order mark.
  if (text.includes('\0')) throw new UnreadableFileError(notUtf8);
  return text;
}
