/** The contract from the server's side, for the types in generated/openapi.ts. */

interface Referable {
  $ref?: string;
  required?: boolean;
  schema?: { default?: unknown; $ref?: string };
}

interface Response extends Referable {
  headers?: Record<string, Referable>;
}

interface ContractParts {
  paths: Record<string, Record<string, { responses?: Record<string, Response> }>>;
  components: { headers: Record<string, Referable>; parameters: Record<string, Referable> };
}

/**
 * A copy in which parameters with a default are required, since validation fills them in before a handler runs, and headers are
 * inlined, since openapi-typescript treats every referenced header as required.
 */
export function serverDocument<Document extends object>(document: Document): Document {
  const copy = structuredClone(document);
  const { paths, components } = copy as unknown as ContractParts;
  for (const parameter of Object.values(components.parameters)) {
    if (parameter.schema?.default !== undefined) parameter.required = true;
  }
  for (const item of Object.values(paths)) {
    for (const operation of Object.values(item)) {
      for (const { headers = {} } of Object.values(operation.responses ?? {})) {
        for (const [name, header] of Object.entries(headers)) {
          headers[name] = components.headers[header.$ref?.split('/').at(-1) ?? ''] ?? header;
        }
      }
    }
  }
  return copy;
}
