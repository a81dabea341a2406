/** Generates TypeScript types from a bundled contract. */
import openapiTS, { astToString } from 'openapi-typescript';
import ts from 'typescript';

interface Options {
  /** Code that reads an open enum (`x-extensible-enum`) must expect new values; code that writes one uses known values. */
  readonly openEnums: 'read' | 'written';
  /** The type of a body of bytes. */
  readonly binary: 'Blob' | 'Uint8Array';
}

/** The source of a module with the contract's types. */
export async function typesOf(document: object, { openEnums, binary }: Options): Promise<string> {
  const nodes = await openapiTS(JSON.stringify(document), {
    alphabetize: true,
    transform(schema) {
      if (schema.format === 'binary') return ts.factory.createTypeReferenceNode(binary);
      const words = (schema as { 'x-extensible-enum'?: unknown })['x-extensible-enum'];
      if (!Array.isArray(words)) return undefined;
      return unionOf(words.map(String), openEnums === 'read');
    },
  });
  return astToString(nodes);
}

// `string & {}` accepts any text without absorbing the literals, so that editors still offer them.
function unionOf(words: readonly string[], takesOthers: boolean): ts.TypeNode {
  const { factory } = ts;
  const known = words.map((word) => factory.createLiteralTypeNode(factory.createStringLiteral(word)));
  const text = factory.createKeywordTypeNode(ts.SyntaxKind.StringKeyword);
  const others = takesOthers ? [factory.createIntersectionTypeNode([text, factory.createTypeLiteralNode([])])] : [];
  return factory.createUnionTypeNode([...known, ...others]);
}
