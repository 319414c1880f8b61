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

/** Paths of fields; by each, the kind of thing that alone has it, of those that were asked about, or null. */
export type Fields = ReadonlyMap<string, string | null>;

export interface OperationFields {
  /** As `POST /chat/completions/{}`: names of parameters do not matter. */
  name: string;
  family: string;
  request: Fields;
  response: Fields;
  /** Of each event where it streams. */
  events: Fields;
}

/**
 * The operations of a description of OpenAI's API below `prefix`, and every field that each takes and answers. A kind is
 * what a variant says in its `type`; fields that stand in variants of `kinds` alone are told with it.
 */
export function operationsOf(
  document: OpenApiDocument,
  { prefix = '', kinds = new Set() }: { prefix?: string; kinds?: ReadonlySet<string> } = {},
): Map<string, OperationFields> {
  const found = new Map<string, OperationFields>();
  for (const [path, item] of Object.entries(document.paths)) {
    if (!path.startsWith(`${prefix}/`) || path.includes('?')) continue;
    const plain = path.slice(prefix.length).replaceAll(/\{[^}]*\}/g, '{}');
    for (const method of METHODS) {
      const operation = item[method];
      if (!operation) continue;
      const name = `${method.toUpperCase()} ${plain}`;
      const answer = Object.entries(operation.responses ?? {}).find(([status]) => status.startsWith('2'))?.[1]?.content;
      const fields = (schema: Schema | undefined) => new FieldWalk(document, kinds).fieldsOf(schema);
      found.set(name, {
        name,
        family: plain.split('/')[1] ?? '',
        request: new Map([...queryOf(operation), ...fields(schemaOf(operation.requestBody?.content))]),
        response: fields(schemaOf(answer)),
        events: fields(answer?.['text/event-stream']?.schema),
      });
    }
  }
  return found;
}

/** The kinds of the variants of one schema, as `Tool` has `function` and `mcp`. */
export function kindsOf(document: OpenApiDocument, name: string): string[] {
  return new FieldWalk(document, new Set()).variantKinds({ $ref: `#/components/schemas/${name}` });
}

function queryOf({ parameters = [] }: Operation): [string, null][] {
  return parameters.flatMap((parameter) =>
    'in' in parameter && parameter.in === 'query' ? [[`?${parameter.name.replace(/\[.*$/, '')}`, null]] : [],
  );
}

function schemaOf(content: Content | undefined): Schema | undefined {
  return (content?.['application/json'] ?? content?.['multipart/form-data'])?.schema;
}

function listOf(schema: Schema, name: string): readonly Schema[] {
  return (schema[name] ?? []) as readonly Schema[];
}

class FieldWalk {
  readonly #document: OpenApiDocument;
  readonly #kinds: ReadonlySet<string>;
  readonly #found = new Map<string, string | null>();

  constructor(document: OpenApiDocument, kinds: ReadonlySet<string>) {
    this.#document = document;
    this.#kinds = kinds;
  }

  /** Paths of every property that a schema knows, in any of its variants: `messages[].content[].text`. */
  fieldsOf(schema: Schema | undefined): Fields {
    this.#walk(schema, { path: '', kind: null, seen: [] });
    return this.#found;
  }

  variantKinds(schema: Schema): string[] {
    const known = this.#resolve(schema);
    const inner = [...listOf(known, 'oneOf'), ...listOf(known, 'anyOf')].flatMap((one) => this.variantKinds(one));
    return [...this.#ownKinds(known), ...inner];
  }

  #walk(schema: Schema | undefined, at: { path: string; kind: string | null; seen: readonly string[] }): void {
    const { path, seen } = at;
    if (!schema || path.split('.').length > DEEPEST) return;
    const ref = schema['$ref'];
    if (typeof ref === 'string') {
      if (!seen.includes(ref)) this.#walk(this.#resolve(schema), { ...at, seen: [...seen, ref] });
      return;
    }
    const own = this.#ownKinds(schema);
    const [first = null] = own;
    const kind = at.kind ?? (own.every((one) => this.#kinds.has(one)) ? first : null);
    for (const name of ['allOf', 'anyOf', 'oneOf']) {
      for (const variant of listOf(schema, name)) this.#walk(variant, { path, kind, seen });
    }
    for (const [name, property] of Object.entries((schema['properties'] ?? {}) as Record<string, Schema>)) {
      const inner = path === '' ? name : `${path}.${name}`;
      // What any other variant has too belongs to no kind alone.
      this.#found.set(inner, this.#found.get(inner) === null ? null : kind);
      this.#walk(property, { path: inner, kind, seen });
    }
    this.#walk(schema['items'] as Schema | undefined, { path: `${path}[]`, kind, seen });
  }

  /** What a schema, or one that it is all of, says in its `type`. */
  #ownKinds(schema: Schema): string[] {
    const type = ((schema['properties'] ?? {}) as Record<string, Schema>)['type'];
    if (type) return this.#constants(type);
    return listOf(schema, 'allOf').flatMap((one) => this.#ownKinds(this.#resolve(one)));
  }

  #constants(schema: Schema): string[] {
    const { const: only, enum: several, ...known } = this.#resolve(schema);
    if (typeof only === 'string') return [only];
    if (Array.isArray(several)) return several.filter((one) => typeof one === 'string');
    return [...listOf(known, 'anyOf'), ...listOf(known, 'oneOf')].flatMap((one) => this.#constants(one));
  }

  #resolve(schema: Schema): Schema {
    const ref = schema['$ref'];
    if (typeof ref !== 'string') return schema;
    return this.#resolve(this.#document.components?.schemas?.[ref.split('/').at(-1) ?? ''] ?? {});
  }
}
