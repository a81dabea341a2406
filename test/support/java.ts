/** Programs in Java that use the client, compiled with javac and run in a JVM that stays. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { javaClient } from '../../openapi/tools/clients/java-package.ts';
import { execute } from './execute.ts';
import { cache, hashOf, keep, keepBeside } from './kept.ts';

const sources = path.join(javaClient, 'src', 'main', 'java');
const copyDependencies = 'org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy-dependencies';
// Short programs are over before the JVM has compiled them well.
const brief = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
const strict = ['-Xlint:all', '-Werror', '-proc:none', '-Xmaxerrs', '1000', '--release', '17'];

/** A program that answers each line with a line. */
export interface JavaProgram {
  ask(line: string): Promise<string>;
  stop(): void;
}

/** A directory of Java classes that use the client. */
export interface JavaProject {
  readonly directory: string;
  /** Compiles a source; takes warnings for errors, and throws what javac says. */
  compile(name: string, source: string): Promise<void>;
  /** Runs a class to its end, and returns its output. */
  run(name: string, ...args: string[]): Promise<string>;
  /** Starts a class that answers lines. */
  start(name: string, ...args: string[]): JavaProgram;
}

/** Runs Maven, with what earlier runs downloaded if that is enough; undefined if it can't download. */
export async function maven(cwd: string, ...args: string[]): Promise<string | undefined> {
  const env = { ...process.env, MAVEN_OPTS: [process.env['MAVEN_OPTS'] ?? '', ...brief].join(' ') };
  const run = (...more: string[]) => execute('mvn', ['-q', '-B', ...more, ...args], { cwd, env, timeout: 240_000 });
  try {
    return await run('-o');
  } catch {
    return run().catch((error: unknown) => {
      const isOffline = /Could not transfer|UnknownHost|Connection (refused|timed out)|reattempted/.test(String(error));
      if (isOffline) return undefined;
      throw error;
    });
  }
}

/** Makes such a directory for the suite, or skips the suite with a message. */
export function useJavaProject(): JavaProject {
  let directory: string;
  let client: string;
  const classes = () => path.join(directory, 'classes');
  const classPath = () => [classes(), client].join(path.delimiter);

  before('make a directory for Java', async function () {
    this.timeout(300_000);
    const prepared = await prepareLibraries();
    if ('reason' in prepared) {
      process.stdout.write(`  skipped the Java client: ${prepared.reason}\n`);
      return this.skip();
    }
    client = [await compileClient(prepared.libraries), prepared.libraries].join(path.delimiter);
    directory = await mkdtemp(path.join(tmpdir(), 'latchkey-java-'));
    await mkdir(classes());
  });
  after('remove it', () => directory && rm(directory, { recursive: true, force: true }));

  const project: JavaProject = {
    get directory() {
      return directory;
    },
    async compile(name, source) {
      const file = path.join(directory, `${name}.java`);
      await writeFile(file, source);
      await javac('-cp', classPath(), '-d', classes(), file);
    },
    run: (name, ...args) => execute('java', [...brief, '-cp', classPath(), name, ...args], { cwd: directory }),
    start: (name, ...args) => converse(spawn('java', [...brief, '-cp', classPath(), name, ...args])),
  };
  return project;
}

function converse(child: ChildProcess): JavaProgram {
  const lines = createInterface(child.stdout!)[Symbol.asyncIterator]();
  let said = '';
  child.stderr!.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return {
    async ask(line) {
      child.stdin!.write(`${line}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error(`the program ended: ${said}`);
      return value;
    },
    stop: () => void child.stdin!.end(),
  };
}

function javac(...args: string[]): Promise<string> {
  return execute('javac', [...brief.map((one) => `-J${one}`), ...strict, ...args], { cwd: tmpdir() });
}

/** Compiles the client, once for all suites; returns where its classes are. */
function compileClient(libraries: string): Promise<string> {
  return keepBeside(javaClient, async (draft) => {
    const names = (await readdir(sources, { recursive: true })).filter((name) => name.endsWith('.java'));
    await javac('-cp', libraries, '-d', draft, ...names.map((name) => path.join(sources, name)));
  });
}

/** Copies the libraries that the client depends on to a place that outlasts the run; returns the class path. */
async function prepareLibraries(): Promise<{ readonly libraries: string } | { readonly reason: string }> {
  for (const [tool, ...args] of [
    ['javac', '--release', '17', '--version'],
    ['sh', '-c', 'command -v mvn'],
  ] as const) {
    const isThere = await execute(tool, args, { cwd: tmpdir() }).catch(() => undefined);
    if (isThere === undefined) return { reason: `it needs ${tool === 'javac' ? 'a JDK of 17 or newer' : 'Maven'}` };
  }
  const pom = await readFile(path.join(javaClient, 'pom.xml'), 'utf8');
  const [dependencies = ''] = /<dependencies>.*<\/dependencies>/s.exec(pom) ?? [];
  const libraries = path.join(cache, `java-${hashOf(dependencies)}`);
  try {
    await keep(libraries, async (draft) => {
      const copied = await maven(javaClient, copyDependencies, `-DoutputDirectory=${draft}`);
      if (copied === undefined) throw new Unreachable();
    });
    return { libraries: path.join(libraries, '*') };
  } catch (error) {
    if (error instanceof Unreachable) return { reason: "its libraries can't be downloaded" };
    throw error;
  }
}

class Unreachable extends Error {}
