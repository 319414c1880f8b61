/** Levels of a schema that are looked at; descriptions nest without end. */
const DEEPEST = 8;
const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

type Schema = Readonly<Record<string, unknown>>;
type Content = Readonly<Record<string, { schema?: Schema } | undefined>>;

interface Operation {
  parameters?: readonly ({ name: string; in: string } | { $ref: string })[];
  requestBody?: { content?: Content };
  responses?: Readonly<Record<string, { content?: Content } | undefined>>;
}

export interface OpenApiDocument {
  paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  components?: { schemas?: Readonly<Record<string, Schema>> };
}

export interface OperationFields {
  /** As `POST /chat/completions/{}`: names of parameters do not matter. */
  name: string;
  family: string;
  request: ReadonlySet<string>;
  response: ReadonlySet<string>;
}

/** The operations of a description of OpenAI's API below `prefix`, and every field that each takes and answers. */
export function operationsOf(document: OpenApiDocument, prefix = ''): Map<string, OperationFields> {
  const found = new Map<string, OperationFields>();
  for (const [path, item] of Object.entries(document.paths)) {
    if (!path.startsWith(`${prefix}/`) || path.includes('?')) continue;
    const plain = path.slice(prefix.length).replaceAll(/\{[^}]*\}/g, '{}');
    for (const method of METHODS) {
      const operation = item[method];
      if (!operation) continue;
      const name = `${method.toUpperCase()} ${plain}`;
      const success = Object.entries(operation.responses ?? {}).find(([status]) => status.startsWith('2'))?.[1];
      found.set(name, {
        name,
        family: plain.split('/')[1] ?? '',
        request: new Set([...queryOf(operation), ...fieldsOf(document, schemaOf(operation.requestBody?.content))]),
        response: fieldsOf(document, schemaOf(success?.content)),
      });
    }
  }
  return found;
}

function queryOf({ parameters = [] }: Operation): string[] {
  return parameters.flatMap((parameter) =>
    'in' in parameter && parameter.in === 'query' ? [`?${parameter.name.replace(/\[.*$/, '')}`] : [],
  );
}

function schemaOf(content: Content | undefined): Schema | undefined {
  return (content?.['application/json'] ?? content?.['multipart/form-data'])?.schema;
}

/** Paths of every property that a schema knows, in any of its variants: `messages[].content[].text`. */
function fieldsOf(document: OpenApiDocument, schema: Schema | undefined): Set<string> {
  const found = new Set<string>();
  const walk = (one: Schema | undefined, path: string, seen: readonly string[]): void => {
    if (!one || path.split('.').length > DEEPEST) return;
    const ref = one['$ref'];
    if (typeof ref === 'string') {
      if (!seen.includes(ref)) walk(document.components?.schemas?.[ref.split('/').at(-1) ?? ''], path, [...seen, ref]);
      return;
    }
    for (const kind of ['allOf', 'anyOf', 'oneOf'] as const) {
      for (const variant of (one[kind] ?? []) as readonly Schema[]) walk(variant, path, seen);
    }
    for (const [name, property] of Object.entries((one['properties'] ?? {}) as Record<string, Schema>)) {
      const inner = path === '' ? name : `${path}.${name}`;
      found.add(inner);
      walk(property, inner, seen);
    }
    walk(one['items'] as Schema | undefined, `${path}[]`, seen);
  };
  walk(schema, '', []);
  return found;
}
