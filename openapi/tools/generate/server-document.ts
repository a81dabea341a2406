/** The contract as the server sees it, for the types in generated/openapi.ts. */

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
 * A copy in which a parameter with a default is required, since validation fills it in before a handler sees it, and in which
 * headers stand where they are used, since openapi-typescript takes every referenced header for a required one.
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
