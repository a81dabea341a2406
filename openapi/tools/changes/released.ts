/** The last released contract, and what has changed since then. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from '../project.ts';
import { compareContracts, readContract, type ContractChange } from './changes.ts';
import { bundleContract } from '../generate/bundle.ts';

/** The file of the last released contract. */
export const releasedContract = path.join(root, 'openapi', 'released', 'openapi.json');

/** What has changed in openapi/ since the last release, and the versions of both documents. */
export async function changesSinceRelease(): Promise<{ changes: ContractChange[]; released: string; current: string }> {
  const directory = await mkdtemp(path.join(tmpdir(), 'latchkey-contract-'));
  try {
    const bundled = path.join(directory, 'openapi.json');
    await bundleContract(bundled);
    const [{ info: released }, { info: current }] = await Promise.all([
      readContract(releasedContract),
      readContract(bundled),
    ]);
    const changes = await compareContracts(releasedContract, bundled);
    return { changes, released: released.version, current: current.version };
  } finally {
    await rm(directory, { recursive: true });
  }
}
