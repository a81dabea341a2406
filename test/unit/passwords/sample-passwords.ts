/** Passwords for tests of the policy, one in a line of the files beside. */
import { readFileSync } from 'node:fs';

/** Passwords that lists of leaked passwords, or simple rules on top of them, have. */
export const badPasswords = read('bad-passwords.txt');

/** Passwords that people might rightly choose: phrases in many languages, and what password managers make. */
export const goodPasswords = read('good-passwords.txt');

function read(name: string): readonly string[] {
  return readFileSync(new URL(name, import.meta.url), 'utf8')
    .trim()
    .split('\n');
}
