import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'chai';
import type { OperationId } from '../../src/http/operation.ts';
import { useApp, type SignedIn } from '../support/app.ts';
import { newPerson } from '../support/people.ts';
import { aPng } from '../support/pictures.ts';
import { usePythonClient } from '../support/python.ts';
import { makeSampleFolder, type SampleFolder, type SampleLanguage } from '../support/samples.ts';
import { compileStrictly } from './compile.ts';
import { operationOf, operations, sampleRequest } from './requests.ts';

interface Sample {
  readonly lang: SampleLanguage | 'Python';
  readonly source: string;
}

const languages = ['Shell', 'TypeScript'] as const;
const exampleOrigin = 'https://accounts.example.com';
const uuid = /[\da-f]{8}-[\da-f-]{27}/g;

function samplesOf(id: OperationId): Sample[] {
  const { operation } = operations.find((one) => one.id === id)!;
  return (operation as unknown as { 'x-codeSamples': Sample[] })['x-codeSamples'];
}

const isForBrowsers = (id: OperationId) => ['continueBrowserSession', 'endBrowserSession'].includes(id);

describe('code samples', function () {
  const app = useApp();
  let folder: SampleFolder;
  before(async () => {
    folder = await makeSampleFolder();
    // The last administrator can't be deleted.
    await app.signIn('admin', newPerson());
  });
  after(() => folder.remove());

  for (const { id } of operations) {
    it(`exist for ${id} with curl and each client that calls it`, () => {
      const clients = isForBrowsers(id) ? [] : ['Python'];
      expect(samplesOf(id).map(({ lang }) => lang)).to.deep.equal([...languages, ...clients]);
    });
  }

  it('with the TypeScript client compile under strict', async () => {
    const files = await Promise.all(
      operations.map(({ id }) => folder.write(id, 'TypeScript', samplesOf(id).find(isTypeScript)!.source)),
    );

    expect(compileStrictly(files)).to.equal('');
  });

  // Ada is an administrator, so that every sample is allowed.
  async function withRealPeople(id: OperationId, source: string): Promise<{ source: string; ada: SignedIn }> {
    const ada = await app.signIn('admin', newPerson());
    const { path, json } = await sampleRequest(id, app, ada);
    const registers = /auth\/register|register_?[uU]ser/.test(source);
    const real = source
      .replaceAll(exampleOrigin, app.origin)
      .replaceAll('grace@example.com', newPerson().email)
      .replaceAll('ada@example.com', registers ? newPerson().email : ada.email)
      .replaceAll('correct horse battery staple', registers ? newPerson().password : ada.password)
      .replaceAll(/lkr_[\w-]+/g, ada.refreshToken)
      .replaceAll(/lkc_[\w-]+/g, String(json?.['challenge_token']))
      .replaceAll(/lks_[\w-]+/g, String(json?.['token']))
      .replaceAll(/(?<=['"])\d{6}(?=['"])/g, String(json?.['code']))
      .replaceAll(uuid, path.match(uuid)?.[0] ?? '');
    const [example] = Object.values(operationOf(id).operation.requestBody?.content['application/json']?.examples ?? {});
    const answered = differences(example?.value, json).reduce((text, [from, to]) => text.replaceAll(from, to), real);
    const { service } = app.context.features.factors;
    const isChallenged = (await service.kindsOf(app.context.database.pool, ada.id)).length > 0;
    const asked = withPasskey(answered, json?.['credential']);
    return { source: isChallenged ? withSession(asked, ada) : asked, ada };
  }

  for (const { id } of operations) {
    for (const language of languages) {
      it(`work when pasted: ${id} with ${language}`, async () => {
        const sample = samplesOf(id).find(({ lang }) => lang === language)!;
        const { source, ada } = await withRealPeople(id, sample.source);

        const printed = await folder.run(`${id}-live`, language, source, { ACCESS_TOKEN: ada.accessToken });

        expect(printed).not.to.include('/problems/');
      });
    }
  }

  describe('in Python', () => {
    const python = usePythonClient();
    before('keep a picture beside the samples', () => writeFile(path.join(python.directory, 'picture.png'), aPng()));

    for (const { id } of operations.filter(({ id }) => !isForBrowsers(id))) {
      it(`work when pasted: ${id}`, async () => {
        const { source } = await withRealPeople(id, samplesOf(id).find(({ lang }) => lang === 'Python')!.source);

        await python.run(source);
      });
    }
  });
});

describe('the guide', () => {
  const app = useApp();

  async function firstBlock(start: string): Promise<string> {
    const text = await readFile('openapi/guide.md', 'utf8');
    const [, source = ''] = new RegExp(`\`\`\`${start}[\\s\\S]*?)\`\`\``).exec(text) ?? [];
    return source.replaceAll(exampleOrigin, app.origin);
  }

  for (const [language, start] of [
    ['Shell', 'sh\n(curl'],
    ['TypeScript', 'ts\n('],
  ] as const) {
    it(`starts with code that works when pasted: ${language}`, async () => {
      const folder = await makeSampleFolder();
      const source = await firstBlock(start);

      const printed = await folder.run('start', language, source).finally(() => folder.remove());

      expect(printed).to.match(/(curl|typescript)@example\.com/);
    });
  }

  describe('in Python', () => {
    const python = usePythonClient();

    it('starts with code that works when pasted', async () => {
      expect(await python.run(await firstBlock('python\n('))).to.include('python@example.com');
    });
  });
});

/** The texts of an example that its request has others for, such as what a passkey signed. */
function differences(example: unknown, real: unknown): [from: string, to: string][] {
  if (typeof example === 'string' && typeof real === 'string') return example === real ? [] : [[example, real]];
  if (typeof example !== 'object' || example === null) return [];
  return Object.entries(example).flatMap(([name, part]) =>
    differences(part, (real as Record<string, unknown> | undefined)?.[name]),
  );
}

function isTypeScript({ lang }: Sample): boolean {
  return lang === 'TypeScript';
}

/** Has a passkey answer as it did, where a sample asks the browser for one. */
function withPasskey(source: string, credential: unknown): string {
  const passkeys = `passkeys: { get: async () => (${JSON.stringify(credential)}), create: async () => { throw new Error(); } }`;
  return source.replace(
    /(createClient\(\{ baseUrl: '[^']*')(?= \}\);\nawait client\.signInWithPasskey)/,
    `$1, ${passkeys}`,
  );
}

/** Continues the session that somebody has, where a sample signs in by a password alone: they have a second factor by now. */
function withSession(source: string, { accessToken, refreshToken }: SignedIn): string {
  const inTypeScript = { session: '', accessToken, refreshToken, refreshAt: 1e15, expiresAt: 1e15 };
  const inPython = `session="", access_token="${accessToken}", refresh_token="${refreshToken}", refresh_at=1e12, expires_at=1e12`;
  return source
    .replace(
      /(createClient\(\{ baseUrl: '[^']*')( \}\);)\nawait client\.signIn\([^)]*\);/,
      `$1, tokens: { get: () => (${JSON.stringify(inTypeScript)}), set() {} }$2`,
    )
    .replace(
      /^client\.sign_in\([^)]*\)/m,
      `from latchkey_client.tokens import Tokens\nclient._store.save(Tokens(${inPython}))`,
    );
}
