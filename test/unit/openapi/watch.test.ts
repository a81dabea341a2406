import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { watchFolder } from '../../../openapi/tools/watch.ts';
import { eventually } from '../../support/eventually.ts';

describe('the watched contract', () => {
  let folder: string;
  let stop: () => void;
  let changed: string[];

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'latchkey-watch-'));
    await mkdir(path.join(folder, 'paths'));
    await writeFile(path.join(folder, 'paths', 'login.yaml'), 'get: {}');
    changed = [];
    stop = await watchFolder(folder, (file) => changed.push(file));
  });
  afterEach(async () => {
    stop();
    await rm(folder, { recursive: true });
  });

  /** Saves like many editors: writes another file and moves it into place. */
  async function save(file: string): Promise<void> {
    await writeFile(`${file}~`, 'post: {}');
    await rename(`${file}~`, file);
  }

  it('is noticed each time an editor replaces a file', async () => {
    for (const time of ['first', 'second', 'third']) {
      changed = [];
      await save(path.join(folder, 'paths', 'login.yaml'));
      await eventually(`the ${time} save is noticed`, () => changed.includes('login.yaml'));
    }
  });

  it('is noticed in a folder that was made later', async () => {
    await mkdir(path.join(folder, 'paths', 'notes'));

    await eventually('the new folder is watched', async () => {
      await save(path.join(folder, 'paths', 'notes', 'notes.yaml'));
      return changed.includes('notes.yaml');
    });
    expect(changed).to.include('notes');
  });
});
