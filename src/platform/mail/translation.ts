import { english } from './english.ts';
import type { Messages } from './messages.ts';

/** A translation can't be used. */
export class TranslationError extends Error {
  override readonly name = 'TranslationError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(({ wrong }) => wrong).join('\n'));
    this.problems = problems;
  }
}

interface Problem {
  readonly wrong: string;
  readonly remedy: string;
}

/** Sentences by their path in the file, such as `mails.password_reset.subject`. */
type Sentences = ReadonlyMap<string, string>;

/** Reads a translation of the English sentences. Throws a TranslationError that names each sentence that is missing, unknown or unfit. */
export function readTranslation(text: string): Messages {
  const translation = parse(text);
  const found = sentencesOf(translation);
  const problems = [...compare(sentencesOf(english), found), ...checkLanguage(found)];
  if (problems.length > 0) throw new TranslationError(problems);
  return translation as Messages;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new TranslationError([
      { wrong: 'names a file that is not JSON', remedy: 'begin with the output of `mails print`' },
    ]);
  }
}

function sentencesOf(value: unknown, path = ''): Sentences {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return new Map([[path, typeof value === 'string' ? value : '']]);
  }
  const inner = Object.entries(value).map(([key, each]) => sentencesOf(each, path === '' ? key : `${path}.${key}`));
  return new Map(inner.flatMap((each) => [...each]));
}

function compare(originals: Sentences, found: Sentences): Problem[] {
  const missing = [...originals.keys()].filter((path) => !found.get(path)?.trim());
  const unknown = [...found.keys()].filter((path) => !originals.has(path));
  return [
    ...missing.map((path) => ({ wrong: `has no ${path}`, remedy: `translate "${originals.get(path) ?? ''}"` })),
    ...unknown.map((path) => ({ wrong: `has ${path || 'no sentences'}, which no mail uses`, remedy: 'remove it' })),
    ...[...found].flatMap(([path, sentence]) => {
      const [expected, actual] = [placeholdersOf(originals.get(path) ?? sentence), placeholdersOf(sentence)];
      if (missing.includes(path) || expected.join() === actual.join()) return [];
      const remedy = expected.length > 0 ? `use ${expected.join(' ')}` : 'use no placeholder but {service}';
      return [{ wrong: `has other placeholders in ${path} than the English sentence`, remedy }];
    }),
  ];
}

// The service's name may stand anywhere.
function placeholdersOf(sentence: string): string[] {
  const all = sentence.match(/\{[^}]*\}?|\}/g) ?? [];
  return [...new Set(all)].filter((each) => each !== '{service}').sort();
}

function checkLanguage(found: Sentences): Problem[] {
  const language = found.get('language') ?? '';
  const direction = found.get('direction') ?? '';
  return [
    ...(isLanguage(language)
      ? []
      : [{ wrong: `has the language "${language}"`, remedy: 'use a tag such as de or pt-BR' }]),
    ...(/^(ltr|rtl)$/.test(direction) ? [] : [{ wrong: `has the direction "${direction}"`, remedy: 'use ltr or rtl' }]),
  ];
}

function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}
