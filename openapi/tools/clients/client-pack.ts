/**
 * `npm run client:pack`: packs the TypeScript client into dist/package/*.tgz. RELEASE_TAG, if set, must be the contract's version;
 * REPOSITORY_URL is written into the package, since npm checks provenance against it.
 */
import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { root } from '../project.ts';
import { buildTypeScriptClient, typeScriptClient } from './typescript-package.ts';

const packages = path.join(root, 'dist', 'package');
const staged = path.join(packages, 'client');

async function pack(tag: string | undefined, repository: string | undefined): Promise<string> {
  const contract = (await readJson(path.join(root, 'generated', 'openapi.json'))) as { info: { version: string } };
  const { version } = contract.info;
  if (tag && tag !== version && tag !== `v${version}`) {
    throw new Error(`the tag ${tag} is not the contract's version: tag v${version}, or run npm run contract:release`);
  }
  await rm(packages, { recursive: true, force: true });
  await mkdir(packages, { recursive: true });
  await buildTypeScriptClient(() => {});
  await cp(typeScriptClient, staged, { recursive: true });
  if (repository) {
    const manifest = path.join(staged, 'package.json');
    const described = { ...(await readJson(manifest)), repository: { type: 'git', url: repository } };
    await writeFile(manifest, `${JSON.stringify(described, null, 2)}\n`);
  }
  const { stdout } = await promisify(execFile)('npm', ['pack', staged, '--pack-destination', packages, '--silent']);
  await rm(staged, { recursive: true });
  return path.join(packages, stdout.trim());
}

async function readJson(file: string): Promise<object> {
  return JSON.parse(await readFile(file, 'utf8')) as object;
}

try {
  const file = await pack(process.env['RELEASE_TAG'], process.env['REPOSITORY_URL']);
  process.stdout.write(`packed ${path.relative(process.cwd(), file)}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
