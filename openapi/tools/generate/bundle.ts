/** Bundles openapi/ into one document. */
import { readFile, writeFile } from 'node:fs/promises';
import { runRedocly } from '../redocly.ts';
import { problemTable, type ProblemDocument } from './problems.ts';

interface Guided extends ProblemDocument {
  info: { description: string };
}

const placeOfTable = '<!-- x-problems -->';

/** Writes the bundled contract as JSON, with the table of problems in its guide. */
export async function bundleContract(file: string): Promise<void> {
  await runRedocly('bundle', 'openapi/openapi.yaml', '--remove-unused-components', '--output', file);
  const document = JSON.parse(await readFile(file, 'utf8')) as Guided;
  const { info } = document;
  if (!info.description.includes(placeOfTable)) throw new Error(`openapi/guide.md has no ${placeOfTable}`);
  info.description = info.description.replace(placeOfTable, () => problemTable(document));
  await writeFile(file, `${JSON.stringify(document, null, 2)}\n`);
}
