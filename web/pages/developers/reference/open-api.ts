import { z } from 'zod';

/** A JSON Schema as far as the reference shows it. */
export interface ShownSchema {
  $ref?: string | undefined;
  type?: string | string[] | undefined;
  description?: string | undefined;
  properties?: Record<string, ShownSchema> | undefined;
  required?: string[] | undefined;
  items?: ShownSchema | undefined;
  enum?: unknown[] | undefined;
  const?: unknown;
  anyOf?: ShownSchema[] | undefined;
  oneOf?: ShownSchema[] | undefined;
  allOf?: ShownSchema[] | undefined;
  default?: unknown;
}

const schemaSchema: z.ZodType<ShownSchema> = z.lazy(() =>
  z
    .looseObject({
      $ref: z.string().optional(),
      type: z.union([z.string(), z.array(z.string())]).optional(),
      description: z.string().optional(),
      properties: z.record(z.string(), schemaSchema).optional(),
      required: z.array(z.string()).optional(),
      items: schemaSchema.optional(),
      enum: z.array(z.unknown()).optional(),
      anyOf: z.array(schemaSchema).optional(),
      oneOf: z.array(schemaSchema).optional(),
      allOf: z.array(schemaSchema).optional(),
    })
    // `true` and `false` are schemas, too.
    .catch({}),
);
const contentSchema = z.record(z.string(), z.object({ schema: schemaSchema.optional() })).optional();

const operationSchema = z.object({
  summary: z.string().default(''),
  parameters: z
    .array(
      z.object({
        name: z.string(),
        in: z.string(),
        required: z.boolean().optional(),
        description: z.string().optional(),
        schema: schemaSchema.optional(),
      }),
    )
    .default([]),
  requestBody: z.object({ content: contentSchema }).optional(),
  responses: z.record(z.string(), z.object({ description: z.string().optional(), content: contentSchema })).default({}),
});

const documentSchema = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  components: z.object({ schemas: z.record(z.string(), schemaSchema).default({}) }).default({ schemas: {} }),
});

export interface Operation extends z.infer<typeof operationSchema> {
  /** `POST /v1/chat/completions`. */
  name: string;
  method: string;
  path: string;
  body: ShownSchema | undefined;
  answer: ShownSchema | undefined;
}

export interface Reference {
  operations: Operation[];
  schemas: Record<string, ShownSchema>;
}

const METHODS = ['get', 'post', 'patch', 'put', 'delete'];
const JSON_TYPE = 'application/json';

/** What of the house's description developers use: everything below `/v1`. */
export function readReference(document: unknown): Reference {
  const { paths, components } = documentSchema.parse(document);
  const operations = Object.entries(paths)
    .filter(([path]) => path.startsWith('/v1/'))
    .flatMap(([path, methods]) =>
      METHODS.flatMap((method) => {
        const { data } = operationSchema.safeParse(methods[method]);
        if (!data) return [];
        const answer = Object.entries(data.responses).find(([status]) => status.startsWith('2'))?.[1];
        return [
          {
            ...data,
            name: `${method.toUpperCase()} ${path}`,
            method: method.toUpperCase(),
            path,
            body: data.requestBody?.content?.[JSON_TYPE]?.schema,
            answer: answer?.content?.[JSON_TYPE]?.schema,
          },
        ];
      }),
    );
  return { operations, schemas: components.schemas };
}

/** What stands behind a reference. */
export function follow(schema: ShownSchema, schemas: Reference['schemas']): ShownSchema {
  const name = schema.$ref?.split('/').at(-1);
  return (name === undefined ? undefined : schemas[name]) ?? schema;
}

/** A type in a few words. */
export function typeWords(schema: ShownSchema): string {
  const name = schema.$ref?.split('/').at(-1);
  if (name !== undefined) return name;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((one) => JSON.stringify(one)).join(' | ');
  const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (choices !== undefined) return [...new Set(choices.map(typeWords))].slice(0, 8).join(' | ');
  if (schema.type === 'array') return `${typeWords(schema.items ?? {})}[]`;
  return Array.isArray(schema.type) ? schema.type.join(' | ') : (schema.type ?? 'any');
}

/** The smallest value that shows what a schema wants: what it requires, nothing else. */
export function exampleValue(schema: ShownSchema, schemas: Reference['schemas'], depth = 0): unknown {
  const whole = follow(schema, schemas);
  if (whole.default !== undefined) return whole.default;
  if (whole.const !== undefined) return whole.const;
  if (whole.enum !== undefined) return whole.enum[0];
  const choice = (whole.anyOf ?? whole.oneOf)?.[0];
  if (choice !== undefined) return depth > 8 ? null : exampleValue(choice, schemas, depth + 1);
  switch (Array.isArray(whole.type) ? whole.type[0] : whole.type) {
    case 'object':
      return Object.fromEntries(
        (whole.required ?? []).map((name) => [
          name,
          depth > 8 ? null : exampleValue(whole.properties?.[name] ?? {}, schemas, depth + 1),
        ]),
      );
    case 'array':
      return depth > 8 ? [] : [exampleValue(whole.items ?? {}, schemas, depth + 1)];
    case 'integer':
    case 'number':
      return 1;
    case 'boolean':
      return false;
    case 'string':
      return '';
    default:
      return null;
  }
}
