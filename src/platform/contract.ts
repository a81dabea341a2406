import { readFileSync } from 'node:fs';
import path from 'node:path';
import { findProject } from './project.ts';

/** The parts of the bundled OpenAPI document that are read here. */
export interface Contract {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly responses?: Responses }>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, object>>;
    readonly parameters: Readonly<Record<string, { readonly name: string; readonly in: string }>>;
    readonly responses: Responses;
  };
}

type Responses = Readonly<Record<string, { readonly headers?: object }>>;

/** Reads generated/openapi.json. */
export function readContract(): Contract {
  return JSON.parse(readFileSync(path.join(findProject().root, 'generated', 'openapi.json'), 'utf8')) as Contract;
}
