import { parseArgs, type ParseArgsConfig } from 'node:util';
import { UsageError, usages } from './usage.ts';

/**
 * Parses the arguments of a command. Throws a UsageError that says what is wrong unless they have one of its forms; an option that takes
 * a value must have one, and may come only once.
 */
export function readArguments<const Options extends NonNullable<ParseArgsConfig['options']>>(
  command: string,
  args: string[],
  options: Options,
) {
  const parsed = parse(command, { args, allowPositionals: true, options, tokens: true });
  const given = parsed.tokens.filter((token) => token.kind === 'option').filter(({ value }) => value !== undefined);
  const empty = given.find(({ value }) => value === '');
  if (empty) throw new UsageError(command, `${empty.rawName} needs a value`);
  const names = given.map(({ name }) => name);
  const repeated = given.find(({ name }, index) => names.indexOf(name) < index);
  if (repeated) throw new UsageError(command, `${repeated.rawName} is given twice`);
  checkForm(command, parsed.positionals, Object.keys(parsed.values));
  return parsed;
}

function parse<const Config extends ParseArgsConfig>(command: string, config: Config) {
  try {
    return parseArgs(config);
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    const [, option = ''] = /'(?:-\w, )?(-[^' =]*)/.exec(message) ?? [];
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') throw new UsageError(command, `there is no option ${option}`);
    if (code !== 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') throw error;
    throw new UsageError(
      command,
      `${option} ${message.includes('does not take') ? 'takes no value' : 'needs a value'}`,
    );
  }
}

/** A form of a command's arguments, such as `create --email ADDRESS [--yes]`. */
interface Form {
  readonly text: string;
  /** Its first word, if it has one. */
  readonly action: string | undefined;
  readonly options: readonly string[];
  readonly requiredOptions: readonly string[];
  readonly values: readonly string[];
  /** Any number of values may follow. */
  readonly isOpen: boolean;
}

function readForm(text: string): Form {
  const required = text.replace(/\[[^\]]*\]/g, '');
  const optionsOf = (part: string) => [...part.matchAll(/--([a-z-]+)/g)].map(([, name = '']) => name);
  return {
    text,
    action: /^[a-z]+/.exec(text)?.[0],
    options: optionsOf(text),
    requiredOptions: optionsOf(required),
    values: required.replace(/--\S+ ("[^"]*"|\S+)/g, '').match(/[A-Z][A-Z|-]*/g) ?? [],
    isOpen: text.includes('…'),
  };
}

/** Throws a UsageError unless the arguments have the form of their action or, without one, that of the command. */
function checkForm(command: string, positionals: readonly string[], options: readonly string[]): void {
  const forms = (usages[command]?.args ?? []).map(readForm);
  const [first] = positionals;
  const ofAction = forms.find(({ action }) => action !== undefined && action === first);
  const form = ofAction ?? forms.find(({ action }) => action === undefined);
  const isUnknown = !ofAction && first !== undefined && forms.some(({ action }) => action !== undefined);
  if (isUnknown) throw new UsageError(command, `${command} can't do "${first}"`);
  if (!form) throw new UsageError(command, `say what ${command} should do`);
  const wrong = ofAction
    ? describeMisfit(`${command} ${first}`, form, positionals.slice(1), options)
    : describeMisfit(command, form, positionals, options);
  if (wrong !== undefined) throw new UsageError(command, wrong, ofAction && [ofAction.text]);
}

/** What is wrong with the arguments for a form, if anything is. */
function describeMisfit(
  name: string,
  form: Form,
  values: readonly string[],
  options: readonly string[],
): string | undefined {
  const stray = options.find((option) => !form.options.includes(option));
  if (stray !== undefined) return `${name} has no option --${stray}`;
  const missing = form.requiredOptions.find((option) => !options.includes(option));
  if (missing !== undefined) return `--${missing} is missing`;
  const absent = form.values.findIndex((_value, index) => !values[index]);
  if (absent >= 0) return `${form.values[absent]} is missing`;
  const extra = values[form.values.length];
  return extra === undefined || form.isOpen ? undefined : `${name} can't use "${extra}"`;
}
