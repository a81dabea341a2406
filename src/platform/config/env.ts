import path from 'node:path';
import { EnvFileError, parseEnvFile } from './env-file.ts';
import { readTextFile, UnreadableFileError } from './text-file.ts';

/** Says everything that is wrong with the environment, one line a problem. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/**
 * The process's environment with what a `.env` file adds to it in development. This is the only reader of `process.env`, and takes
 * libpq's variables out of it. Throws a ConfigurationError when there is a `.env` that can't be read.
 */
export function processEnvironment(): NodeJS.ProcessEnv {
  if (process.env['NODE_ENV'] !== 'production') addEnvFile(path.resolve('.env'));
  const variables = Object.entries(process.env).map(([name, value]) => [upperOnWindows(name), value]);
  forgetLibpqVariables();
  return Object.fromEntries(variables) as NodeJS.ProcessEnv;
}

/** How this process was started, which is how a person starts the next command: npm says so itself, and the image by a usual name. */
export function startedBy(): 'npm' | 'image' | 'node' {
  if (process.env['npm_lifecycle_event']) return 'npm';
  return process.env['container'] ? 'image' : 'node';
}

/** Takes PGHOST, PGSSLMODE and their like out of `process.env`: the driver, initdb and postgres read them too, past DATABASE_URL. */
export function forgetLibpqVariables(): void {
  for (const name of Object.keys(process.env)) if (/^PG[A-Z]/i.test(name)) Reflect.deleteProperty(process.env, name);
}

function addEnvFile(file: string): void {
  try {
    for (const [name, value] of parseEnvFile(readTextFile(file))) process.env[name] ??= value;
  } catch (error) {
    if (error instanceof EnvFileError) {
      throw new ConfigurationError([
        `.env can't be read (${error.message}); close its quotes, or put a # before what is no variable`,
      ]);
    }
    if (!(error instanceof UnreadableFileError)) throw error;
    if (error.message === 'ENOENT') return;
    const remedy = 'make it a UTF-8 text file that this user can read, or take it away';
    throw new ConfigurationError([`.env can't be read (${error.message}); ${remedy}`]);
  }
}

// There one variable has many spellings, which `process.env` takes for each other, and a copy of it does not.
function upperOnWindows(name: string): string {
  return process.platform === 'win32' ? name.toUpperCase() : name;
}

/** Reads variables one by one and collects what is wrong with them, so that one start tells all of it. */
export class EnvironmentReader {
  readonly problems: string[] = [];
  /** What does not stop a start, and yet is hardly what was meant. */
  readonly warnings: string[] = [];
  /** The names that were asked for. */
  readonly names = new Set<string>();
  readonly #variables: NodeJS.ProcessEnv;

  constructor(variables: NodeJS.ProcessEnv) {
    this.#variables = variables;
  }

  /** Notes a problem: what is wrong with the variable, and what would do. */
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

  /** A secret whose spaces belong to it; only the end of a file's last line does not. */
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

  /** The names of the variables that are set and match. */
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
      this.refuse(`${name}_FILE`, 'names an empty file', 'put the value there');
    } catch (error) {
      if (!(error instanceof UnreadableFileError)) throw error;
      const remedy = 'check the path and its permissions';
      this.refuse(`${name}_FILE`, `names a file that cannot be read (${error.message})`, remedy);
    }
    return undefined;
  }
}

/** The parts of a comma-separated value, without surrounding space, without empty ones. */
export function commaSeparated(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
}
