import { once } from 'node:events';
import type { Readable } from 'node:stream';
import type { MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { InvalidInputError, TooLargeError } from '../../base/errors.ts';
import { refusedValue } from '../refused-value.ts';

/** Of one form; more is nobody's request. */
const MOST_FIELDS = 100;
const MOST_FIELD_BYTES = 1024 * 1024;

export interface FormFile {
  name: string;
  type: string;
}

/**
 * Reads a form of fields and files: `take` gets each file as it comes and has to read it. Names like `include[]` become
 * lists. Throws `InvalidInputError` for what is no form, `TooLargeError` beyond `maxFileBytes`.
 */
export async function readForm<T extends z.ZodType>(
  request: FastifyRequest,
  {
    schema,
    maxFileBytes,
    take,
  }: { schema: T; maxFileBytes: number; take: (field: string, file: FormFile, bytes: Readable) => Promise<void> },
): Promise<z.infer<T>> {
  if (!request.isMultipart()) {
    throw new InvalidInputError('Send a form, with the header “content-type: multipart/form-data”.', {
      code: 'unsupported-media-type',
    });
  }
  const fields: Record<string, unknown> = {};
  const limits = { fileSize: maxFileBytes, fields: MOST_FIELDS, fieldSize: MOST_FIELD_BYTES, parts: MOST_FIELDS * 2 };
  try {
    for await (const part of request.parts({ limits })) {
      if (part.type === 'file') await takeFile(part, { take, maxFileBytes });
      else addField(fields, part.fieldname, part.value);
    }
  } catch (error) {
    throw toFormError(error, maxFileBytes);
  }
  return parseFields(schema, fields);
}

/** Throws `InvalidInputError` naming the field. */
export function parseFields<T extends z.ZodType>(schema: T, fields: unknown): z.infer<T> {
  const parsed = schema.safeParse(fields);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const { path = [], code: keyword = '', message = 'it does not fit', ...params } = issue ?? {};
  throw refusedValue({ path: path.map(String), keyword, message, params }, 'form');
}

async function takeFile(
  part: MultipartFile,
  {
    take,
    maxFileBytes,
  }: { take: (field: string, file: FormFile, bytes: Readable) => Promise<void>; maxFileBytes: number },
): Promise<void> {
  await take(part.fieldname, { name: part.filename, type: part.mimetype }, part.file);
  if (!part.file.readableEnded && !part.file.destroyed) {
    part.file.resume();
    await once(part.file, 'close');
  }
  if (part.file.truncated) throw tooLarge(maxFileBytes);
}

function addField(fields: Record<string, unknown>, written: string, value: unknown): void {
  const list = written.endsWith('[]');
  const name = list ? written.slice(0, -2) : written;
  const nested = /^([a-z_]+)\[([a-z_]+)\]$/u.exec(name);
  if (nested) {
    const [, outer = '', inner = ''] = nested;
    const before = fields[outer];
    fields[outer] = { ...(typeof before === 'object' ? before : {}), [inner]: value };
    return;
  }
  const before = fields[name];
  if (list || before !== undefined)
    fields[name] = [...(Array.isArray(before) ? before : before === undefined ? [] : [before]), value];
  else fields[name] = value;
}

function toFormError(error: unknown, maxFileBytes: number): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'FST_REQ_FILE_TOO_LARGE') return tooLarge(maxFileBytes);
  if (/^FST_(?:PARTS|FILES|FIELDS)_LIMIT|^FST_INVALID_MULTIPART|^FST_PROTO/u.test(code)) {
    return new InvalidInputError('This form is not right, or has too many parts.', { code: 'form-invalid' });
  }
  if (
    error instanceof Error &&
    /Unexpected end of (?:form|multipart)|Malformed|Boundary not found/iu.test(error.message)
  ) {
    return new InvalidInputError('This form breaks off before its end.', { code: 'form-invalid', cause: error });
  }
  return error;
}

function tooLarge(bytes: number): TooLargeError {
  return new TooLargeError(`The file is larger than ${Math.floor(bytes / 1024 / 1024)} MiB.`, { field: 'file' });
}
