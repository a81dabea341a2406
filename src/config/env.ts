import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Says everything that is wrong with the environment, one line a problem. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** The process's environment with what a `.env` file adds to it in development. This is the only reader of `process.env`. */
export function processEnvironment(): NodeJS.ProcessEnv {
  if (process.env['NODE_ENV'] !== 'production') {
    try {
      process.loadEnvFile(path.resolve('.env'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return process.env;
}

/** Reads variables one by one and collects what is wrong with them, so that one start tells all of it. */
export class EnvironmentReader {
  readonly problems: string[] = [];
  readonly #variables: NodeJS.ProcessEnv;

  constructor(variables: NodeJS.ProcessEnv) {
    this.#variables = variables;
  }

  /** Notes a problem: what is wrong with the variable, and what would do. */
  refuse(name: string, wrong: string, remedy: string): void {
    this.problems.push(`${name} ${wrong}; ${remedy}`);
  }

  text(name: string): string | undefined {
    const text = this.#variables[name]?.trim();
    return text === '' ? undefined : text;
  }

  /** A secret, from NAME or from the file that NAME_FILE names. */
  secret(name: string): string | undefined {
    const file = this.text(`${name}_FILE`);
    if (!file) return this.text(name);
    if (this.text(name)) this.refuse(name, `and ${name}_FILE are both set`, 'set one of them');
    try {
      const content = readFileSync(file, 'utf8').trim();
      if (content) return content;
      this.refuse(`${name}_FILE`, 'names an empty file', 'put the value there');
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).code ?? 'an error';
      this.refuse(`${name}_FILE`, `names a file that cannot be read (${reason})`, 'check the path and its permissions');
    }
    return undefined;
  }

  integer(name: string, fallback: number, minimum: number, maximum: number): number {
    const text = this.text(name);
    if (text === undefined) return fallback;
    const value = /^\d{1,10}$/.test(text) ? Number(text) : NaN;
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

  list(name: string): string[] {
    return commaSeparated(this.text(name) ?? '');
  }
}

/** The parts of a comma-separated value, without surrounding space, without empty ones. */
export function commaSeparated(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
}
