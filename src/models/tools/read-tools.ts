import { createHash } from 'node:crypto';
import { z } from 'zod';
import { cleanText } from '../../../contract/common.ts';
import type { ListedTool, ToolList, ToolProblem } from './tool-server.ts';

/** Tools kept of one server: beyond this no model chooses well, and a list is not read by a person. */
export const MOST_TOOLS = 200;
/** UTF-16 units of a tool's name; providers allow 64, and names are made to fit when they are offered. */
const MOST_NAME = 128;
/** UTF-16 units of what people read of a tool. */
const MOST_DESCRIPTION = 4000;
/** UTF-16 units of a schema as JSON. */
const MOST_SCHEMA = 32_000;
/** Levels of a schema. */
const MOST_DEPTH = 24;

const toolSchema = z.object({
  name: z.string(),
  title: z.string().optional().catch(undefined),
  description: z.string().optional().catch(undefined),
  inputSchema: z.unknown(),
  annotations: z
    .object({
      title: z.string().optional().catch(undefined),
      readOnlyHint: z.boolean().optional().catch(undefined),
      destructiveHint: z.boolean().optional().catch(undefined),
      openWorldHint: z.boolean().optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
});

/** What a server says of its tools, without what could mislead, flood or break. */
export function readTools(listed: readonly unknown[], total = listed.length): ToolList {
  const seen = new Set<string>();
  const tools: ListedTool[] = [];
  for (const one of listed) {
    if (tools.length >= MOST_TOOLS) break;
    const parsed = toolSchema.safeParse(one);
    if (!parsed.success) continue;
    tools.push(readTool(parsed.data, seen));
  }
  return { tools, total };
}

function readTool(raw: z.infer<typeof toolSchema>, seen: Set<string>): ListedTool {
  const schema = readSchema(raw.inputSchema);
  const problem = nameProblem(raw.name, seen) ?? schema.problem;
  seen.add(raw.name);
  const { annotations } = raw;
  const shown = {
    name: isUsableName(raw.name) ? raw.name : plainLine(raw.name, MOST_NAME),
    title: plainLine(raw.title ?? annotations?.title ?? '', MOST_NAME),
    description: plainText(raw.description ?? '').slice(0, MOST_DESCRIPTION),
    inputSchema: schema.text,
    claims: {
      readOnly: annotations?.readOnlyHint ?? null,
      destructive: annotations?.destructiveHint ?? null,
      openWorld: annotations?.openWorldHint ?? null,
    },
  };
  const said = [raw.name, raw.title ?? '', raw.description ?? '', shown.inputSchema, shown.claims];
  return { ...shown, problem, digest: createHash('sha256').update(JSON.stringify(said)).digest('hex') };
}

function nameProblem(name: string, seen: ReadonlySet<string>): ToolProblem | null {
  if (!isUsableName(name)) return 'name';
  return seen.has(name) ? 'duplicate' : null;
}

function isUsableName(name: string): boolean {
  return name.trim() !== '' && name.length <= MOST_NAME && !/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(name);
}

function readSchema(value: unknown): { text: string; problem: ToolProblem | null } {
  if (!isSchema(value, 0) || typeof value !== 'object' || (value as { type?: unknown }).type !== 'object') {
    return { text: '{}', problem: 'schema' };
  }
  const text = JSON.stringify(value);
  return text.length > MOST_SCHEMA ? { text: '{}', problem: 'schema-size' } : { text, problem: null };
}

const JSON_TYPES: ReadonlySet<unknown> = new Set(['object', 'array', 'string', 'number', 'integer', 'boolean', 'null']);

/** The shape of a JSON Schema as far as providers rely on it; nothing in it may lead elsewhere. */
function isSchema(value: unknown, depth: number): boolean {
  if (typeof value === 'boolean') return true;
  if (typeof value !== 'object' || value === null || Array.isArray(value) || depth > MOST_DEPTH) return false;
  const schema = value as Record<string, unknown>;
  const { type, properties, required, items, $ref } = schema;
  const types = Array.isArray(type) ? type : type === undefined ? [] : [type];
  if (!types.every((one) => JSON_TYPES.has(one))) return false;
  if ($ref !== undefined && (typeof $ref !== 'string' || !$ref.startsWith('#'))) return false;
  if (required !== undefined && !(Array.isArray(required) && required.every((one) => typeof one === 'string'))) {
    return false;
  }
  if (properties !== undefined && !isSchemaMap(properties, depth + 1)) return false;
  if (items !== undefined && !isSchemas(items, depth + 1)) return false;
  return (['anyOf', 'oneOf', 'allOf'] as const).every(
    (key) => schema[key] === undefined || (Array.isArray(schema[key]) && isSchemas(schema[key], depth + 1)),
  );
}

function isSchemas(value: unknown, depth: number): boolean {
  return Array.isArray(value) ? value.every((one) => isSchema(one, depth)) : isSchema(value, depth);
}

function isSchemaMap(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((one) => isSchema(one, depth));
}

/** Text without characters that hide or turn around what stands there. */
export function plainText(text: string): string {
  return cleanText(text).replace(/[\p{Cf}\p{Co}]/gu, '');
}

/** The same on one line, cut. */
export function plainLine(text: string, most: number): string {
  return plainText(text).replace(/\s+/g, ' ').trim().slice(0, most).toWellFormed();
}
