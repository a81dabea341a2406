/** What the guide says holds: its names are in the contract, its errors occur, its code compiles. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import jwt from 'jsonwebtoken';
import { contract, resolve, type ContractOperation } from '../support/contract.ts';
import { makeSampleFolder, type SampleFolder } from '../support/samples.ts';
import { pageExamples } from './client-consumer.ts';
import { claims, issue } from '../unit/access/authenticating.ts';
import { compileStrictly } from './compile.ts';
import { operations } from './requests.ts';

const guide = readFileSync('openapi/guide.md', 'utf8');
const text = guide.replaceAll(/^```[^]*?^```$/gm, '');
const codes = (contract.components['schemas']!['ProblemCode'] as { 'x-extensible-enum': string[] })[
  'x-extensible-enum'
];

/** The screens: each heading of the second level, with what follows it. */
const screens = text
  .slice(text.indexOf('# Build the screens'), text.indexOf('# Browsers'))
  .split(/^## /m)
  .slice(1)
  .map((section) => ({ title: section.split('\n')[0]!, section }));

/** Probes, what other services ask, and what the client does by itself. */
const withoutScreen = ['getAuthorizationServerMetadata', 'getHealth', 'getJwks', 'getReadiness', 'refreshTokens'];

describe('the guide', function () {
  it('names only what is in the contract, in the client or in an access token', () => {
    const client = readdirSync('openapi/clients/typescript')
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(`openapi/clients/typescript/${file}`, 'utf8'))
      .join();
    const words = new Set(
      [...JSON.stringify(contract).matchAll(/"(\w+)"/g), ...client.matchAll(/\b(\w+)\b/g)].map(([, word]) => word),
    );
    for (const claim of Object.keys(jwt.decode(issue(claims), { json: true })!)) words.add(claim);
    const names = codeSpans(text).filter((span) => /^[a-z]+(_[a-z]+|[A-Z][a-z]*)+$/.test(span));

    expect(names.length).to.be.above(100);
    // The example's function.
    expect(names.filter((name) => !words.has(name) && name !== 'withProof')).to.deep.equal([]);
  });

  it('has a screen for every operation that people use', () => {
    const named = new Set(screens.flatMap(({ section }) => codeSpans(section)));

    const missing = operations.map(({ id }) => id as string).filter((id) => !named.has(id));
    expect(missing.sort()).to.deep.equal(withoutScreen);
  });

  for (const { title, section } of screens) {
    it(`tells of errors that its operations return, at fields that they have: ${title}`, () => {
      const used = operations.filter(({ id }) => codeSpans(section).includes(id)).map(({ operation }) => operation);
      const possible = new Set(used.flatMap(problemCodes));
      const rows = section.split('\n').filter((line) => line.startsWith('|'));
      const cells = rows.map((row) => row.split('|')[1]!);
      const told = cells.flatMap(codeSpans).filter((span) => codes.includes(span));
      const fields = codeSpans(section).filter((span) => span.startsWith('/body/'));

      expect(told.filter((code) => !possible.has(code))).to.deep.equal([]);
      expect(fields.filter((field) => !used.some((operation) => takes(operation, field)))).to.deep.equal([]);
    });
  }

  describe('has code', () => {
    let folder: SampleFolder;
    before(async () => {
      folder = await makeSampleFolder();
    });
    after(() => folder.remove());

    it('that compiles under strict', async () => {
      const files = await Promise.all(
        Object.entries(pageExamples(guide)).map(([name, source]) => folder.write(name, 'TypeScript', source)),
      );

      expect(files).to.have.length.above(4);
      expect(compileStrictly(files, { exactOptionalPropertyTypes: true })).to.equal('');
    });
  });
});

function codeSpans(markdown: string): string[] {
  return Array.from(markdown.matchAll(/`([^`\n]+)`/g), ([, span = '']) => span);
}

function problemCodes({ responses }: ContractOperation): string[] {
  return Object.values(responses).flatMap((response) => {
    const { examples = {} } = resolve(response).content?.['application/problem+json'] ?? {};
    return Object.values(examples).map(({ value }) => (value as { code: string }).code);
  });
}

function takes({ requestBody }: ContractOperation, field: string): boolean {
  const examples = Object.values(requestBody?.content['application/json']?.examples ?? {});
  return examples.some(({ value }) => field.replace('/body/', '') in (value as object));
}
