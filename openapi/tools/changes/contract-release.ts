/**
 * `npm run contract:release`: releases the contract in openapi/ under the lowest version that the changes allow, or the one in
 * openapi.yaml if that is newer; `npm run contract:release -- 1.0.0` names the version.
 */
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { parseDocument } from 'yaml';
import { root } from '../project.ts';
import { withRelease } from './changelog.ts';
import type { ContractChange } from './changes.ts';
import { versionToRelease } from './contract-versions.ts';
import { changesSinceRelease, releasedContract } from './released.ts';

interface Manifest {
  version: string;
  /** In the lock file, where the project itself is the package ''. */
  packages?: Record<string, { version: string }>;
}

const inProject = (...names: string[]) => path.join(root, ...names);

async function release(asked: string | undefined): Promise<string> {
  const { changes, released, current } = await changesSinceRelease();
  const version = versionToRelease(released, current, changes, asked);
  await setVersion(version);
  // Imported late, so that a refusal does not wait for the TypeScript compiler to load.
  const { generate } = await import('../generate/generate.ts');
  await generate(inProject('generated'));
  await copyFile(inProject('generated', 'openapi.json'), releasedContract);
  await addToChangelog(version, changes);
  return version;
}

async function setVersion(version: string): Promise<void> {
  await setInYaml(inProject('openapi', 'openapi.yaml'), ['info', 'version'], version);
  const chart = inProject('docker', 'kubernetes', 'Chart.yaml');
  for (const name of ['version', 'appVersion']) await setInYaml(chart, [name], version);
  for (const name of ['package.json', 'package-lock.json']) {
    const manifest = JSON.parse(await readFile(inProject(name), 'utf8')) as Manifest;
    for (const part of [manifest, manifest.packages?.['']]) if (part) part.version = version;
    await writeFile(inProject(name), `${JSON.stringify(manifest, null, 2)}\n`);
  }
}

// Edited as text, to keep comments and layout.
async function setInYaml(file: string, place: string[], value: string): Promise<void> {
  const source = await readFile(file, 'utf8');
  const node = parseDocument(source).getIn(place, true) as { range: [number, number, number] };
  const [start, end] = node.range;
  await writeFile(file, `${source.slice(0, start)}${value}${source.slice(end)}`);
}

async function addToChangelog(version: string, changes: ContractChange[]): Promise<void> {
  const file = inProject('CHANGELOG.md');
  const before = await readFile(file, 'utf8');
  const text = withRelease(before, version, new Date().toISOString().slice(0, 10), changes);
  await writeFile(file, await format(text, { ...(await resolveConfig(file)), filepath: file }));
}

try {
  const version = await release(process.argv[2]);
  process.stdout.write(`released ${version}: review the changes, CHANGELOG.md above all, and commit them\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
