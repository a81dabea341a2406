/** The contract as shown on the docs page. */
import { basePathOf, fullPathOf } from '../generate/operations.ts';

interface Operation {
  operationId?: string;
  tags?: string[];
  description?: string;
}

/** The parts of the bundled contract that the page changes. */
export interface DocsDocument {
  info: { description: string };
  servers: { url: string; description?: string }[];
  externalDocs?: unknown;
  paths: Record<string, Record<string, Operation>>;
}

/**
 * A copy with one server, the one that serves the page, without the link to the page itself, with links to the operations that the guide
 * names, and, if there is a page to try them out, with a link to it from each operation.
 */
export function docsDocument<Document extends DocsDocument>(document: Document, canTry: boolean): Document {
  const copy = structuredClone(document);
  delete copy.externalDocs;
  const thisServer = (path: string) => [{ url: `https://accounts.example.com${path}`, description: 'This server.' }];
  copy.servers = thisServer(basePathOf(document));
  for (const item of Object.values(copy.paths)) {
    if ('servers' in item) Object.assign(item, { servers: thisServer(fullPathOf('', item, document)) });
  }
  const operations = Object.values(copy.paths).flatMap((item) => Object.values(item));
  copy.info.description = withLinks(copy.info.description, operations);
  if (!canTry) return copy;
  for (const operation of operations) {
    const { operationId, tags: [tag] = [], description = '' } = operation;
    if (operationId && tag) operation.description = `${description}\n\n[Try it](/docs/try#/${tag}/${operationId})`;
  }
  return copy;
}

function withLinks(guide: string, operations: Operation[]): string {
  const places = new Map(
    operations.map(({ operationId, tags: [tag] = [] }) => [operationId, `#/${tag}/${operationId}`]),
  );
  return guide.replace(/`(\w+)`/g, (code, name: string) => {
    const place = places.get(name);
    return place ? `[${code}](${place.toLowerCase()})` : code;
  });
}
