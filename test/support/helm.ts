/** Helm, from the PATH or, on Linux x64, from an npm package. */
import { execFile } from 'node:child_process';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { inflateRawSync } from 'node:zlib';

const run = promisify(execFile);
const kept = path.resolve('node_modules', '.cache', 'latchkey', 'helm');

/** The path of a Helm that runs here, or `undefined`. */
export async function findHelm(): Promise<string | undefined> {
  if (await runs('helm')) return 'helm';
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  if (!(await stat(kept).catch(() => undefined))) await unpack();
  return (await runs(kept)) ? kept : undefined;
}

/** Returns what Helm prints; throws with its error message when it fails. */
export async function helm(program: string, ...args: string[]): Promise<string> {
  const { stdout } = await run(program, args, { maxBuffer: 16 * 1024 * 1024 });
  return stdout;
}

async function runs(program: string): Promise<boolean> {
  return run(program, ['version']).then(
    () => true,
    () => false,
  );
}

async function unpack(): Promise<void> {
  const archive = createRequire(import.meta.url).resolve('@aws-cdk/asset-kubectl-v20/lib/layer.zip');
  await mkdir(path.dirname(kept), { recursive: true });
  const draft = `${kept}.${process.pid}`;
  await writeFile(draft, extract(await readFile(archive), 'helm/helm'), { mode: 0o755 });
  await rename(draft, kept);
}

/** Extracts a deflated file from a zip archive (APPNOTE 4.3). */
function extract(zip: Buffer, name: string): Buffer {
  const end = zip.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  let entry = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((at) => zip.readUInt16LE(entry + at)) as Lengths;
    if (zip.toString('latin1', entry + 46, entry + 46 + nameLength) === name) {
      const local = zip.readUInt32LE(entry + 42);
      const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
      return inflateRawSync(zip.subarray(start, start + zip.readUInt32LE(entry + 20)));
    }
    entry += 46 + nameLength + extraLength + commentLength;
  }
  throw new Error(`the archive has no ${name}`);
}

type Lengths = [number, number, number];
