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

// Fewer than this come from the wrong file, and would leave the policy without its list.
const fewest = 1000;

async function main([file, ...others]: readonly string[]): Promise<string> {
  if (file === undefined || file === '--help' || others.length > 0) return 'use: npm run passwords:common -- FILE';
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    return `${file} can't be read (${(error as NodeJS.ErrnoException).code}); check the path and its permissions`;
  }
  const passwords = chooseCommonPasswords(text.split(/\r?\n/));
  if (passwords.length < fewest) {
    return `${file} has only ${passwords.length} passwords to refuse; name a file with one on each line, the most common first`;
  }
  const packed = gzipSync(`${passwords.join('\n')}\n`, { level: 9 });
  await writeFile(commonPasswordsFile, packed);
  process.exitCode = 0;
  return `${passwords.length} passwords in ${packed.length} bytes: ${commonPasswordsFile}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = 2;
  const said = await main(process.argv.slice(2));
  (process.exitCode === 0 ? process.stdout : process.stderr).write(`${said}\n`);
}
