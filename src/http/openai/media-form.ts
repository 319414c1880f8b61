import { buffer } from 'node:stream/consumers';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { readForm } from './read-form.ts';

/** Of one picture or sound; as OpenAI's own limit. */
const FILE_BYTES = 50 * 1024 * 1024;
export const MEDIA_FORM_BYTES = 16 * FILE_BYTES;

/** A form with its files, to be sent on as it came. */
export async function readMediaForm<T extends z.ZodType>(
  request: FastifyRequest,
  schema: T,
): Promise<{ fields: z.infer<T>; form: FormData }> {
  const form = new FormData();
  const fields = await readForm(request, {
    schema,
    maxFileBytes: FILE_BYTES,
    take: async (field, { name, type }, bytes) => {
      form.append(field, new Blob([new Uint8Array(await buffer(bytes))], { type }), name);
    },
  });
  for (const [name, value] of Object.entries(fields as Record<string, unknown>)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one === undefined || one === null) continue;
      form.append(name, typeof one === 'object' ? JSON.stringify(one) : String(one));
    }
  }
  return { fields, form };
}
