import {
  closeSync,
  existsSync,
  fchmodSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { readConfig } from '../platform/config/config.ts';
import { processEnvironment } from '../platform/config/env.ts';
import { keptSigningKeys } from '../platform/config/signing-keys.ts';
import { readTextFile, UnreadableFileError } from '../platform/config/text-file.ts';
import { parseSigningKeys, SigningKeysError, type KeyPair } from '../platform/signing-keys.ts';
import { CommandError } from '../process/failure.ts';

/** Where the signing keys are: in a file, in the variable itself, or nowhere. */
export type KeySource = { readonly file: string } | { readonly text: string } | undefined;

/** Where the signing keys are, and how long the tokens they sign live. */
export interface KeySettings {
  readonly source: KeySource;
  /** The `--file` of the command line, for commands that go on with the same file; empty if there was none. */
  readonly fileOption: string;
  readonly accessTtlSeconds: number;
}

/** Finds the signing keys: in the given file, JWT_SIGNING_KEYS_FILE, JWT_SIGNING_KEYS, or the file that development keeps. */
export function findKeys(file: string | undefined): KeySettings {
  const environment = processEnvironment();
  const { JWT_SIGNING_KEYS: text, JWT_SIGNING_KEYS_FILE: named } = environment;
  // Reading the configuration must create nothing, and the keys may be what needs repair.
  const others = {
    JWT_SECRETS: 'a placeholder, so that none is created',
    JWT_SIGNING_KEYS: '',
    JWT_SIGNING_KEYS_FILE: '',
  };
  const { config } = readConfig({ ...environment, ...others });
  const chosen = [file, named?.trim()].find(Boolean);
  const { accessTtlSeconds } = config.tokens;
  const fileOption = file === undefined ? '' : ` --file ${/^[\w./-]+$/.test(file) ? file : JSON.stringify(file)}`;
  const settings = { fileOption, accessTtlSeconds };
  if (chosen !== undefined) return { source: { file: chosen }, ...settings };
  if (text?.trim()) return { source: { text }, ...settings };
  const kept = config.production ? undefined : { file: keptSigningKeys(config.dataDirectory) };
  return { source: kept, ...settings };
}

/** Reads the keys of a source. Throws a CommandError if they can't be read. */
export function readKeys(source: KeySource): readonly KeyPair[] {
  if (source === undefined) return [];
  const name = 'file' in source ? source.file : 'JWT_SIGNING_KEYS';
  try {
    return parseSigningKeys('file' in source ? readTextFile(source.file) : source.text);
  } catch (error) {
    if (error instanceof SigningKeysError) throw new CommandError(`${name} ${error.message}; ${error.remedy}`);
    if (!(error instanceof UnreadableFileError)) throw error;
    if (error.message === 'ENOENT') return [];
    throw new CommandError(`${name} can't be read (${error.message}); ${error.remedy}`);
  }
}

/** Atomically replaces the keys in a file with those that `change` returns, and keeps its mode. Throws a CommandError if it can't. */
export function changeKeys(file: string, change: (keys: readonly KeyPair[]) => readonly string[]): void {
  // A link, such as the one to a mounted secret, must stay one.
  const target = existsSync(file) ? realpathSync(file) : file;
  const draft = `${target}.next`;
  const descriptor = createDraft(draft, file);
  try {
    const texts = change(readKeys({ file }));
    fchmodSync(descriptor, existsSync(target) ? statSync(target).mode & 0o777 : 0o600);
    writeSync(descriptor, texts.map((text) => `${text.trim()}\n`).join('\n'));
    fsyncSync(descriptor);
    renameSync(draft, target);
  } finally {
    closeSync(descriptor);
    rmSync(draft, { force: true });
  }
}

// The draft is also a lock: two commands can't change the file at once.
function createDraft(draft: string, file: string): number {
  try {
    return openSync(draft, 'wx', 0o600);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST')
      throw new CommandError(`another command is changing ${file}; if there is none, remove ${draft}`);
    throw new CommandError(
      `${file} can't be changed (${code}); name a file in a folder that this user can write to, with --file`,
    );
  }
}
