/** Resolves references as Swagger UI asks for it, one operation or kind of component at a time, but reads only what that refers to. */

type Components = Record<string, Record<string, object>>;

/** A contract as Swagger UI holds it. */
export interface Specification {
  readonly paths?: Record<string, object>;
  readonly components?: Components;
}

type ResolveSubtree = (spec: Specification, path: readonly string[], options: object) => Promise<unknown>;

interface SwaggerUi {
  readonly fn: { resolveSubtree: ResolveSubtree };
}

/** A plugin for Swagger UI. Without it, the whole contract is read at the start, and each time an operation is opened. */
export const resolving = {
  afterLoad({ fn }: SwaggerUi): void {
    const { resolveSubtree } = fn;
    fn.resolveSubtree = (spec, path, options) => resolveSubtree(partOf(spec, path), path, options);
  },
};

function partOf(spec: Specification, [root, name = '']: readonly string[]): Specification {
  const item = root === 'paths' ? spec.paths?.[name] : undefined;
  const kind = root === 'components' ? spec.components?.[name] : undefined;
  const components: Components = kind ? { [name]: { ...kind } } : {};
  collect(item ?? kind ?? {}, spec.components ?? {}, components);
  return { ...spec, paths: item ? { [name]: item } : {}, components };
}

function collect(part: object, all: Components, found: Components): void {
  for (const [, kind = '', name = ''] of JSON.stringify(part).matchAll(/"#\/components\/(\w+)\/([^"/]+)/g)) {
    const component = all[kind]?.[name];
    const named = (found[kind] ??= {});
    if (!component || named[name]) continue;
    named[name] = component;
    collect(component, all, found);
  }
}
