/**
 * `npm run passwords:common -- FILE`: makes the list of common passwords that nobody may choose. FILE has one password per line, the
 * most common first; the list in use was made from SecLists' `10-million-password-list-top-1000000.txt`.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { commonPasswordsFile } from '../../../src/features/passwords/common-passwords.ts';
import { fold } from '../../../src/features/passwords/fold.ts';

const shortest = 8;
const most = 100_000;
/** Where only long passwords are allowed, common ones are rare: all that the file has are taken. */
const long = 15;
/** Words that people lengthen, such as `dragon` in `Dragon123!`, from among so many of the most common. */
const shortWords = /^[a-z]{4,7}$/;
const mostForWords = 50_000;

/** The passwords to refuse, in the order of their bytes. */
export function chooseCommonPasswords(lines: readonly string[]): string[] {
  const chosen = new Set<string>();
  const words = new Set<string>();
  const longOnes = new Set<string>();
  lines.forEach((line, rank) => {
    const folded = fold(line);
    if (!isText(folded)) return;
    const { length } = Array.from(folded);
    if (length >= shortest && chosen.size < most) chosen.add(folded);
    if (length >= long) longOnes.add(folded);
    if (rank < mostForWords && shortWords.test(folded)) words.add(folded);
  });
  const all = [...new Set([...chosen, ...longOnes, ...words])];
  return all.sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
}

// Control characters, halves of surrogate pairs and U+FFFD come from files that were read in the wrong encoding.
function isText(text: string): boolean {
  return text !== '' && text.isWellFormed() && !/[\p{Cc}\ufffd]/u.test(text);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [file] = process.argv.slice(2);
  if (file === undefined) throw new Error('name the file to read');
  const passwords = chooseCommonPasswords((await readFile(file, 'utf8')).split(/\r?\n/));
  const packed = gzipSync(`${passwords.join('\n')}\n`, { level: 9 });
  await writeFile(commonPasswordsFile, packed);
  process.stdout.write(`${passwords.length} passwords in ${packed.length} bytes: ${commonPasswordsFile}\n`);
}
