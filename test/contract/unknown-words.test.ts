/** Generated clients in other languages have an absolute default URL, and accept enum values that they don't know. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { runRedocly } from '../../openapi/tools/redocly.ts';
import { contract } from '../support/contract.ts';

const run = promisify(execFile);
const basePath = '/api/v1';
const user = exampleOf('User');
const problem = {
  type: 'https://accounts.example.com/problems/teapot',
  title: 'The server is a teapot',
  status: 409,
  detail: 'It makes tea.',
  instance: 'urn:latchkey:request:1',
  code: 'teapot',
  errors: [{ pointer: '/body/email', message: 'is hot', rule: 'heat' }],
};

interface Language {
  /** A command that must succeed, else the test is skipped. */
  readonly needs: [command: string, ...args: string[]];
  /** By file name; `$URL` is replaced by the server's URL. */
  readonly sources: Record<string, string>;
  readonly steps: [command: string, ...args: string[]][];
}

const languages: Record<string, Language> = {
  java: {
    needs: ['javac', '-version'],
    sources: {
      'Main.java': `package latchkey;

public class Main {
  public static void main(String[] args) {
    Latchkey client = new Latchkey(new Latchkey.Config().serverUrl("$URL"));
    System.out.println(client.getCurrentUser().role());
    try {
      client.registerUser(new Latchkey.Registration("a@b.co", "violet lantern", "Ada"));
    } catch (Latchkey.ApiException error) {
      System.out.println(error.status + " " + ((java.util.Map<?, ?>) error.body).get("code"));
    }
  }
}
`,
    },
    steps: [
      ['javac', '-d', 'out', 'Latchkey.java', 'Main.java'],
      ['java', '-cp', 'out', 'latchkey.Main'],
    ],
  },
};

describe('a role and a problem code unknown to a generated client', function () {
  this.timeout(300_000);
  let server: Server;
  let url: string;
  let root: string;

  before('start a server of a later version', async () => {
    root = await mkdtemp(path.join(tmpdir(), 'latchkey-later-'));
    server = createServer((request, response) => {
      const isRead = request.method === 'GET';
      request.resume().on('end', () => {
        const headers = { 'Content-Type': isRead ? 'application/json' : 'application/problem+json', ETag: '"x"' };
        response.writeHead(isRead ? 200 : problem.status, headers);
        response.end(JSON.stringify(isRead ? { ...user, role: 'owner' } : problem));
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${basePath}`;
  });
  after('stop it', async () => {
    server.closeAllConnections();
    server.close();
    await rm(root, { recursive: true, force: true });
  });

  for (const [name, { needs, sources, steps }] of Object.entries(languages)) {
    it(`reach the ${name} program`, async function () {
      const [command, ...args] = needs;
      const isThere = await run(command, args).catch(() => undefined);
      if (!isThere) {
        process.stdout.write(`      skipped: ${needs.join(' ')} failed\n`);
        this.skip();
      }
      const directory = path.join(root, name);
      const output = ['--output', path.join(directory, 'latchkey.ts')];
      await runRedocly('generate-client', path.resolve('generated/openapi.json'), '--generator', name, ...output);
      const [made = ''] = (await readdir(directory)).filter((file) => /^latchkey\./i.test(file));
      expect(await readFile(path.join(directory, made), 'utf8')).to.include('"http://127.0.0.1:8000/api/v1"');
      for (const [file, source] of Object.entries(sources)) {
        await mkdir(path.dirname(path.join(directory, file)), { recursive: true });
        await writeFile(path.join(directory, file), source.replace('$URL', url));
      }

      let printed = '';
      for (const [program, ...rest] of steps) printed = (await run(program, rest, { cwd: directory })).stdout;

      expect(printed.trim().split('\n')).to.deep.equal(['owner', '409 teapot']);
    });
  }

  it('are possible because their enums are open', () => {
    const schemas = contract.components['schemas'] as Record<string, object>;
    for (const name of ['ProblemCode', 'ViolationRule', 'UserRole']) expect(schemas[name]).not.to.have.property('enum');
  });
});

function exampleOf(schema: string): object {
  return (contract.components['schemas'] as Record<string, { example: object }>)[schema]!.example;
}
