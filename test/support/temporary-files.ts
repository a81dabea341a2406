/** Where a run keeps its databases and other files: in memory, since creating and deleting many is several times as fast there as on a disk. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { freemem } from 'node:os';
import path from 'node:path';

const memory = '/dev/shm';
const prefix = 'latchkey-tests-';
const fileSystemBytes = 4 * 2 ** 30;
const freeBytes = 8 * 2 ** 30;

/** Has this process and those that it starts keep temporary files in memory, unless there is too little or TMPDIR says where. */
export function keepFilesInMemory(): void {
  if (process.env['TMPDIR'] || !hasRoom()) return;
  for (const name of readdirSync(memory).filter(isLeftover)) rmSync(path.join(memory, name), removal);
  const directory = path.join(memory, `${prefix}${process.pid}`);
  mkdirSync(directory);
  if (mayExecuteIn(directory)) process.env['TMPDIR'] = directory;
  else rmSync(directory, removal);
}

/** Removes what this process kept in memory. */
export function forgetFilesInMemory(): void {
  rmSync(path.join(memory, `${prefix}${process.pid}`), removal);
}

const removal = { recursive: true, force: true } as const;

function hasRoom(): boolean {
  try {
    const { type, bavail, bsize } = statfsSync(memory);
    return type === tmpfs && bavail * bsize >= fileSystemBytes && freemem() >= freeBytes;
  } catch {
    return false;
  }
}

const tmpfs = 0x01021994;

/** Whether it is of a run that was killed. */
function isLeftover(name: string): boolean {
  if (!name.startsWith(prefix)) return false;
  try {
    process.kill(Number(name.slice(prefix.length)), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/** Containers may forbid it, and tests compile programs. */
function mayExecuteIn(directory: string): boolean {
  const program = path.join(directory, 'program');
  writeFileSync(program, '#!/bin/sh\n', { mode: 0o700 });
  return spawnSync(program).status === 0;
}
