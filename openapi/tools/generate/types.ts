/** Makes TypeScript types of a bundled contract. */
import openapiTS, { astToString } from 'openapi-typescript';
import ts from 'typescript';

interface Options {
  /** Who reads the words of an open enum (`x-extensible-enum`) must expect new ones; who writes them writes known ones. */
  readonly openEnums: 'read' | 'written';
}

/** The source of a module with the types of the contract, without a head. */
export async function typesOf(document: object, { openEnums }: Options): Promise<string> {
  const nodes = await openapiTS(JSON.stringify(document), {
    alphabetize: true,
    transform(schema) {
      const words = (schema as { 'x-extensible-enum'?: unknown })['x-extensible-enum'];
      if (!Array.isArray(words)) return undefined;
      return unionOf(words.map(String), openEnums === 'read');
    },
  });
  return astToString(nodes);
}

// `string & {}` is any text, but does not swallow the words beside it, so that editors still offer them.
function unionOf(words: readonly string[], takesOthers: boolean): ts.TypeNode {
  const { factory } = ts;
  const known = words.map((word) => factory.createLiteralTypeNode(factory.createStringLiteral(word)));
  const text = factory.createKeywordTypeNode(ts.SyntaxKind.StringKeyword);
  const others = takesOthers ? [factory.createIntersectionTypeNode([text, factory.createTypeLiteralNode([])])] : [];
  return factory.createUnionTypeNode([...known, ...others]);
}
