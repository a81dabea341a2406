/** The contract as shown on the docs page. */
import { basePathOf } from '../generate/operations.ts';

interface Operation {
  operationId?: string;
  tags?: string[];
  description?: string;
}

/** The parts of the bundled contract that the page changes. */
export interface DocsDocument {
  servers: { url: string; description?: string }[];
  externalDocs?: unknown;
  paths: Record<string, Record<string, Operation>>;
}

/**
 * A copy with one server, the one that serves the page, without the link to the page itself, and, if there is a console, with a
 * link to it from each operation.
 */
export function docsDocument<Document extends DocsDocument>(document: Document, hasConsole: boolean): Document {
  const copy = structuredClone(document);
  delete copy.externalDocs;
  copy.servers = [{ url: `https://accounts.example.com${basePathOf(document)}`, description: 'This server.' }];
  if (!hasConsole) return copy;
  for (const operation of Object.values(copy.paths).flatMap((item) => Object.values(item))) {
    const { operationId, tags: [tag] = [], description = '' } = operation;
    if (operationId && tag) operation.description = `${description}\n\n[Try it](/docs/try#/${tag}/${operationId})`;
  }
  return copy;
}
