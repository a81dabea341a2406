/** README.md lists exactly the variables that the server reads. */
import { expect } from 'chai';
import { mkdtempSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readConfig } from '../../../src/platform/config/config.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'latchkey-config-'));
const readme = path.join(import.meta.dirname, '..', '..', '..', 'README.md');

describe('the configuration in README.md', () => {
  const read = new Set<string>();
  let described: string[];
  let describedAsFiles: string[];

  before('read the configuration, and the page', async () => {
    const set: NodeJS.ProcessEnv = { DATA_DIR: directory, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' };
    readConfig(
      new Proxy(set, {
        get(variables, name: string) {
          read.add(name);
          return variables[name];
        },
      }),
    );
    const page = (await readFile(readme, 'utf8')).split(/^## /m).find((part) => part.startsWith('Configuration')) ?? '';
    const names = (text = '') => [...text.matchAll(/`([A-Z][A-Z_]+)`/g)].map(([, name]) => name ?? '');
    described = [...page.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, cell]) => names(cell));
    describedAsFiles = names(/^`NAME_FILE` names a file .+?, for (.+)\.$/m.exec(page)?.[1]);
  });
  after(() => rm(directory, { recursive: true }));

  it('lists exactly the variables that are read', () => {
    const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'];
    const variables = [...read].filter((name) => !name.endsWith('_FILE'));

    expect(described.filter((name) => !signals.includes(name))).to.have.members(variables);
  });

  it('lists each secret that can come from a file', () => {
    const secrets = [...read].filter((name) => name.endsWith('_FILE')).map((name) => name.replace('_FILE', ''));

    expect(describedAsFiles).to.have.members(secrets);
  });
});
