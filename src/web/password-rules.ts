/** What a page can say about a password while somebody types it. The server knows more: the most common ones, and those in breaches. */

/** Whose password it will be. */
export interface Owner {
  readonly email: string;
  readonly fullName: string;
  readonly service: string;
}

/** The rules that a page checks, each kept or broken. */
export interface KeptRules {
  readonly length: boolean;
  readonly personal: boolean;
  readonly pattern: boolean;
}

// Shorter parts appear in good passwords by chance.
const minPartLength = 3;

/** Checks a password against the rules of the contract's `Password`. An empty one keeps none. */
export function checkPassword(password: string, minLength: number, { email, fullName, service }: Owner): KeptRules {
  if (password === '') return { length: false, personal: false, pattern: false };
  const folded = fold(password);
  const parts = [email.split('@')[0] ?? '', ...asWritten(fullName), ...asWritten(service)].map(fold);
  return {
    length: Math.min(...[password, folded].map((text) => Array.from(text).length)) >= minLength,
    personal: !parts.some((part) => part.length >= minPartLength && folded.includes(part)),
    pattern: !isPattern(Array.from(folded), minLength),
  };
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase().normalize('NFKC');
}

function asWritten(name: string): string[] {
  return [name, name.replaceAll(/\s+/g, '')];
}

const rows = ['abcdefghijklmnopqrstuvwxyz', '01234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm'];

function isPattern(characters: readonly string[], minLength: number): boolean {
  if (new Set(characters).size <= 2) return true;
  const text = characters.join('');
  const period = characters.findIndex((_, index) => index > 0 && text.startsWith(characters.slice(index).join('')));
  if (period > 0 && period < minLength && characters.length >= period * 1.5) return true;
  return [...rows, ...rows.map((row) => Array.from(row).reverse().join(''))].some((row) => row.includes(text));
}
