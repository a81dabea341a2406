import { readFileSync } from 'node:fs';

/** Thrown for a file that can't be read as text. The message is the system's code, such as ENOENT, or says what is wrong with the content. */
export class UnreadableFileError extends Error {
  override readonly name = 'UnreadableFileError';
}

/** Reads a file as UTF-8, without a byte order mark. Throws an UnreadableFileError, also for any other encoding. */
export function readTextFile(file: string): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    const { code = 'an error' } = error as NodeJS.ErrnoException;
    const reason = code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'it is not UTF-8' : code;
    throw new UnreadableFileError(reason, { cause: error });
  }
  // UTF-16 without a byte order mark.
  if (text.includes('\0')) throw new UnreadableFileError('it is not UTF-8');
  return text;
}
