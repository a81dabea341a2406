/** Commands and code from Markdown pages. */
import { readFile } from 'node:fs/promises';

/** The `sh` blocks of a Markdown page. */
export async function commandsOf(page: string): Promise<string[]> {
  return blocksOf(page, 'sh');
}

/** The blocks of a Markdown page in a language. */
export async function blocksOf(page: string, language: string): Promise<string[]> {
  const text = await readFile(page, 'utf8');
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].flatMap(([, of, block = '']) =>
    of === language ? [block] : [],
  );
}

/** The `sh` block that contains a text. Throws unless there is exactly one. */
export const commandWith = (page: string, part: string): Promise<string> => blockWith(page, 'sh', part);

/** The block that contains a text. Throws unless there is exactly one. */
export async function blockWith(page: string, language: string, part: string): Promise<string> {
  const found = (await blocksOf(page, language)).filter((block) => block.includes(part));
  if (found.length !== 1) throw new Error(`${page} has ${found.length} blocks with "${part}"`);
  return found[0]!;
}
