import path from 'node:path';
import { EnvFileError, parseEnvFile } from './env-file.ts';
import { readTextFile, UnreadableFileError } from './text-file.ts';

/** The environment is invalid; one line per problem. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/**
 * The process's environment and, except in production, what `.env` adds. Nothing else reads `process.env`; libpq's variables are
 * removed from it. Throws a ConfigurationError if `.env` can't be read.
 */
export function processEnvironment(): NodeJS.ProcessEnv {
  if (process.env['NODE_ENV'] !== 'production') addEnvFile(path.resolve('.env'));
  const variables = Object.entries(process.env).map(([name, value]) => [upperOnWindows(name), value]);
  removeLibpqVariables();
  return Object.fromEntries(variables) as NodeJS.ProcessEnv;
}

/** How this process was started, and so how people start the next command: npm's variables and the image's `container` show it. */
export function startedBy(): 'npm' | 'image' | 'node' {
  if (process.env['npm_lifecycle_event']) return 'npm';
  return process.env['container'] ? 'image' : 'node';
}

/** Removes PGHOST, PGSSLMODE and the like from `process.env`: the driver, initdb and postgres would read them in addition to DATABASE_URL. */
export function removeLibpqVariables(): void {
  for (const name of Object.keys(process.env)) if (/^PG[A-Z]/i.test(name)) Reflect.deleteProperty(process.env, name);
}

function addEnvFile(file: string): void {
  try {
    for (const [name, value] of parseEnvFile(readTextFile(file))) process.env[name] ??= value;
  } catch (error) {
    if (error instanceof EnvFileError) {
      throw new ConfigurationError([
        `.env can't be read (${error.message}); close its quotes, or put a # in front of what is not a variable`,
      ]);
    }
    if (!(error instanceof UnreadableFileError)) throw error;
    if (error.message === 'ENOENT') return;
    const remedy = 'make it a UTF-8 text file that this user can read, or remove it';
    throw new ConfigurationError([`.env can't be read (${error.message}); ${remedy}`]);
  }
}

// On Windows `process.env` ignores case, but a copy of it does not.
function upperOnWindows(name: string): string {
  return process.platform === 'win32' ? name.toUpperCase() : name;
}

/** Reads variables one by one and collects all problems, so that one start reports them together. */
export class EnvironmentReader {
  readonly problems: string[] = [];
  /** Likely mistakes that don't prevent a start. */
  readonly warnings: string[] = [];
  /** The names that were read. */
  readonly names = new Set<string>();
  readonly #variables: NodeJS.ProcessEnv;

  constructor(variables: NodeJS.ProcessEnv) {
    this.#variables = variables;
  }

  /** Adds a problem: what is wrong with the variable, and the remedy. */
  refuse(name: string, wrong: string, remedy: string): void {
    this.problems.push(`${name} ${wrong}; ${remedy}`);
  }

  warn(name: string, wrong: string, remedy: string): void {
    this.warnings.push(`${name} ${wrong}; ${remedy}`);
  }

  text(name: string): string | undefined {
    const text = this.#read(name)?.trim();
    return text === '' ? undefined : text;
  }

  /** A secret, from NAME or from the file that NAME_FILE names. */
  secret(name: string): string | undefined {
    return this.#secret(name, (text) => text.trim());
  }

  /** A secret that may begin or end with spaces; only a file's final line break is removed. */
  password(name: string): string | undefined {
    return this.#secret(name, (text, isFile) => (isFile ? text.replace(/\r?\n$/, '') : text));
  }

  integer(name: string, fallback: number, minimum: number, maximum: number): number {
    const text = this.text(name);
    if (text === undefined) return fallback;
    const value = /^(0|[1-9]\d{0,9})$/.test(text) ? Number(text) : NaN;
    if (value >= minimum && value <= maximum) return value;
    this.refuse(name, `is "${text}"`, `use a whole number from ${minimum} to ${maximum}`);
    return fallback;
  }

  choice<const Choice extends string>(name: string, choices: readonly Choice[], fallback: Choice): Choice {
    const text = this.text(name);
    if (text === undefined) return fallback;
    const found = choices.find((choice) => choice === text);
    if (found === undefined) this.refuse(name, `is "${text}"`, `use one of ${choices.join(', ')}`);
    return found ?? fallback;
  }

  /** The names of all set variables that match. */
  set(pattern: RegExp): string[] {
    return Object.keys(this.#variables).filter((name) => this.#variables[name] && pattern.test(name));
  }

  list(name: string): string[] {
    return commaSeparated(this.text(name) ?? '');
  }

  #read(name: string): string | undefined {
    this.names.add(name);
    return this.#variables[name];
  }

  #secret(name: string, clean: (text: string, isFile: boolean) => string): string | undefined {
    const file = this.text(`${name}_FILE`);
    const value = clean(this.#read(name) ?? '', false) || undefined;
    if (!file) return value;
    if (value !== undefined) this.refuse(name, `and ${name}_FILE are both set`, 'set one of them');
    try {
      const content = clean(readTextFile(file), true);
      if (content) return content;
      this.refuse(`${name}_FILE`, 'names an empty file', 'write the value into it');
    } catch (error) {
      if (!(error instanceof UnreadableFileError)) throw error;
      this.refuse(`${name}_FILE`, `names a file that cannot be read (${error.message})`, error.remedy);
    }
    return undefined;
  }
}

/** The parts of a comma-separated value, trimmed; empty ones are dropped. */
export function commaSeparated(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
}
