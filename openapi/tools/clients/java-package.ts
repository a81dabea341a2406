/** Writes the Java client, a Maven project: openapi/clients/java, with what is generated from the contract. */
import { copyFile, cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { basePathOf } from '../generate/operations.ts';
import { root } from '../project.ts';
import type { ClientDocument } from './contract-operations.ts';
import { modelFiles } from './java-models.ts';
import type { Sources } from './java-names.ts';
import { operationFiles } from './java-operations.ts';

const written = path.join(root, 'openapi', 'clients', 'java');
const contract = path.join(root, 'generated', 'openapi.json');

/** The folder of the project. */
export const javaClient = path.join(root, 'dist', 'clients', 'java');

/** Writes the project; `group` is the groupId by which programs depend on it. */
export async function buildJavaClient(group = 'com.example'): Promise<void> {
  const document = JSON.parse(await readFile(contract, 'utf8')) as ClientDocument;
  const { version } = document.info;
  const draft = `${javaClient}.draft`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(path.dirname(draft), { recursive: true });
  await cp(written, draft, { recursive: true, filter: (file) => !file.endsWith('.template.xml') });
  const { sources, models, requests } = operationFiles(document);
  const all: Sources = {
    ...sources,
    ...modelFiles(models, requests, document.components.schemas),
    'Contract.java': contractFile(version, basePathOf(document)),
  };
  const packageDirectory = path.join(draft, 'src', 'main', 'java', 'latchkey');
  await mkdir(path.join(packageDirectory, 'model'));
  for (const [file, source] of Object.entries(all)) await writeFile(path.join(packageDirectory, file), source);
  const pom = await readFile(path.join(written, 'pom.template.xml'), 'utf8');
  await writeFile(path.join(draft, 'pom.xml'), pom.replace('GROUP', group).replace('VERSION', version));
  await copyFile(path.join(root, 'LICENSE'), path.join(draft, 'LICENSE'));
  await rm(javaClient, { recursive: true, force: true });
  await rename(draft, javaClient);
}

function contractFile(version: string, basePath: string): string {
  return `// Generated from the contract; do not edit.
package latchkey;

/** What the contract says of itself. */
final class Contract {
  static final String VERSION = ${JSON.stringify(version)};
  static final String BASE_PATH = ${JSON.stringify(basePath)};

  private Contract() {}
}
`;
}
