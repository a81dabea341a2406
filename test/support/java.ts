/** Programs in Java that use the client, compiled with javac and run in a JVM that stays. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { javaClient } from '../../openapi/tools/clients/java-package.ts';
import { execute } from './execute.ts';

const cache = path.join(process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'), 'latchkey-clients');
const client = path.join(javaClient, 'src', 'main', 'java');
const copyDependencies = 'org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy-dependencies';
// Short programs are over before the JVM has compiled them well.
const brief = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

/** A program that answers each line with a line. */
export interface JavaProgram {
  ask(line: string): Promise<string>;
  stop(): void;
}

/** A directory of Java classes, the client among them. */
export interface JavaProject {
  readonly directory: string;
  /** Compiles a source, and the client if it was not yet; takes warnings for errors, and throws what javac says. */
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
  let libraries: string;
  const classes = () => path.join(directory, 'classes');
  const classPath = () => `${classes()}${path.delimiter}${path.join(libraries, '*')}`;

  before('make a directory for Java', async function () {
    this.timeout(300_000);
    const prepared = await prepareLibraries();
    if ('reason' in prepared) {
      process.stdout.write(`  skipped the Java client: ${prepared.reason}\n`);
      return this.skip();
    }
    libraries = prepared.libraries;
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
      const options = ['-Xlint:all', '-Werror', '-proc:none', '-Xmaxerrs', '1000', '--release', '17'];
      const places = ['-sourcepath', client, '-cp', classPath(), '-d', classes()];
      await execute('javac', [...brief.map((one) => `-J${one}`), ...options, ...places, file], { cwd: directory });
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

/** Copies the libraries that the client depends on to a place that outlasts the run. */
async function prepareLibraries(): Promise<{ readonly libraries: string } | { readonly reason: string }> {
  for (const [tool, ...args] of [
    ['javac', '--release', '17', '--version'],
    ['mvn', '--version'],
  ] as const) {
    const isThere = await execute(tool, args, { cwd: tmpdir() }).catch(() => undefined);
    if (isThere === undefined) return { reason: `it needs ${tool === 'javac' ? 'a JDK of 17 or newer' : 'Maven'}` };
  }
  const pom = await readFile(path.join(javaClient, 'pom.xml'), 'utf8');
  const [dependencies = ''] = /<dependencies>.*<\/dependencies>/s.exec(pom) ?? [];
  const hash = createHash('sha256').update(dependencies).digest('hex').slice(0, 12);
  const libraries = path.join(cache, `java-${hash}`);
  if (await exists(libraries)) return { libraries };
  await mkdir(cache, { recursive: true });
  const draft = await mkdtemp(path.join(cache, 'draft-'));
  const copied = await maven(javaClient, copyDependencies, `-DoutputDirectory=${draft}`);
  // Renamed into place whole; another test file may have been quicker.
  if (copied !== undefined) await rename(draft, libraries).catch(() => {});
  await rm(draft, { recursive: true, force: true });
  return copied === undefined ? { reason: "its libraries can't be downloaded" } : { libraries };
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
