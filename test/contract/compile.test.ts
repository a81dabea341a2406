/** The compiler checks handlers against the contract: what the contract doesn't document doesn't compile. */
import path from 'node:path';
import { expect } from 'chai';
import ts from 'typescript';
import { findProject } from '../../src/platform/project.ts';

const { root } = findProject();

const sound = `
import type { Handlers } from '../../src/http/operation.ts';

const user = {
  id: '01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e11',
  email: 'ada@example.com',
  email_verified: false,
  full_name: 'Ada Lovelace',
  role: 'user',
  is_active: true,
  created_at: '2026-01-15T09:30:00.000Z',
  updated_at: '2026-01-15T09:30:00.000Z',
  etag: '"1"',
} as const;

export const handlers: Pick<Handlers, 'createUser' | 'getUser' | 'logout'> = {
  async createUser({ body }) {
    return async () => ({ status: 201, headers: { ETag: '"1"', Location: '/' }, body: { ...user, email: body.email } });
  },
  async getUser({ params }) {
    return { status: 200, headers: { ETag: '"1"' }, body: { ...user, id: params.user_id } };
  },
  async logout({ principal }) {
    void principal.sessionId;
    return { status: 204, headers: {}, body: undefined };
  },
};
`;

// Each variant differs from the sound handlers in one place.
const variants: Record<string, [from: string | RegExp, to: string]> = {
  'a missing handler': [/ {2}async logout[\s\S]*?\n {2}\},\n/, ''],
  'a misspelt operation': [/async logout[\s\S]*?void .*/, 'async logOut() {'],
  'a reply that is not stored for replays': ['return async () => ({ status: 201', 'return ({ status: 201'],
  'an undocumented status': ['status: 201', 'status: 200'],
  'a documented status that is an error': ['status: 204', 'status: 401'],
  'a missing Location': [", Location: '/'", ''],
  'a missing ETag': ['headers: { ETag: \'"1"\' }', 'headers: {}'],
  'a header of another type': ['headers: { ETag: \'"1"\' }', 'headers: { ETag: 1 }'],
  'a field of another type': ['email: body.email', 'email: body.email.length'],
  'a missing field': ['{ ...user, id: params.user_id }', '{ id: params.user_id }'],
  'an undocumented body': ['body: undefined', 'body: user'],
  "a request field that doesn't exist": ['body.email', 'body.mail'],
  "a parameter that doesn't exist": ['params.user_id', 'params.id'],
};

describe('the compiler', () => {
  let errorsOf: (name: string) => readonly string[];

  before('check all variants in one program', function () {
    const file = (name: string) => path.join(root, 'test', 'contract', `${name.replaceAll(' ', '-')}.virtual.ts`);
    const sources = new Map([[file('sound'), sound]]);
    for (const [name, [from, to]] of Object.entries(variants)) sources.set(file(name), sound.replace(from, to));
    const program = ts.createProgram([...sources.keys()], projectOptions(), hostOf(sources));
    errorsOf = (name) => {
      const source = program.getSourceFile(file(name));
      if (!source) throw new Error(`the program has no ${name}`);
      return ts
        .getPreEmitDiagnostics(program, source)
        .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
    };
  });

  it('accepts handlers that follow the contract', () => {
    expect(errorsOf('sound')).to.deep.equal([]);
  });

  for (const [name, [from]] of Object.entries(variants)) {
    it(`refuses ${name}`, () => {
      expect(sound.replace(from, '')).not.to.equal(sound);
      expect(errorsOf(name)).to.have.length(1);
    });
  }
});

function projectOptions(): ts.CompilerOptions {
  const file = path.join(root, 'tsconfig.json');
  const { config } = ts.readConfigFile(file, (name) => ts.sys.readFile(name)) as { config: object };
  return ts.parseJsonConfigFileContent({ ...config, include: [], files: ['src/main.ts'] }, ts.sys, root).options;
}

/** The project's files, plus some that exist only in memory. */
function hostOf(sources: ReadonlyMap<string, string>): ts.CompilerHost {
  const host = ts.createCompilerHost(projectOptions());
  return {
    ...host,
    fileExists: (name) => sources.has(name) || host.fileExists(name),
    readFile: (name) => sources.get(name) ?? host.readFile(name),
    getSourceFile: (name, options, ...others) => {
      const text = sources.get(name);
      return text === undefined
        ? host.getSourceFile(name, options, ...others)
        : ts.createSourceFile(name, text, options);
    },
  };
}
