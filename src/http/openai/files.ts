import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  fileFieldsSchema,
  fileFormSchema,
  listFilesQuerySchema,
  openAiFileDeletedSchema,
  openAiFileListSchema,
  openAiFileSchema,
  type OpenAiFile,
} from '../../../contract/openai/files.ts';
import { InvalidInputError } from '../../base/errors.ts';
import { API_FILE_BYTES, type ApiFiles, type TakenBytes } from '../../features/platform/files/api-files.ts';
import { attachment } from '../attachment.ts';
import type { OpenAiArea } from './openai-area.ts';
import { readForm } from './read-form.ts';

const config = { access: 'user', scope: 'models' } as const;
const tags = ['openai'];
const byId = z.object({ file_id: z.string().max(200) });

/** `/v1/files`. */
export function filesArea(files: ApiFiles): OpenAiArea {
  return (app) => {
    app.route({
      method: 'POST',
      url: '/files',
      bodyLimit: API_FILE_BYTES + 2 * 1024 * 1024,
      schema: { summary: 'Keeps a file', tags, consumes: ['multipart/form-data'] },
      config: { ...config, takes: fileFormSchema, answers: { 200: openAiFileSchema } },
      handler: (request) => keepFile(files, request),
    });
    app.route({
      method: 'GET',
      url: '/files',
      schema: { summary: 'Lists one’s files', tags, querystring: listFilesQuerySchema },
      config: { ...config, answers: { 200: openAiFileListSchema } },
      handler: ({ actor, query }) => files.list(actor, query),
    });
    app.route({
      method: 'GET',
      url: '/files/:file_id',
      schema: { summary: 'Tells of a file', tags, params: byId },
      config: { ...config, answers: { 200: openAiFileSchema } },
      handler: ({ actor, params }) => files.read(actor, params.file_id),
    });
    app.route({
      method: 'GET',
      url: '/files/:file_id/content',
      schema: { summary: 'Hands out a file', tags, params: byId },
      config,
      handler: async ({ actor, params }, reply) => {
        const { file, bytes } = await files.content(actor, params.file_id);
        reply.header('content-type', 'application/octet-stream');
        reply.header('content-disposition', attachment(file.filename));
        return reply.send(bytes);
      },
    });
    app.route({
      method: 'DELETE',
      url: '/files/:file_id',
      schema: { summary: 'Deletes a file', tags, params: byId },
      config: { ...config, answers: { 200: openAiFileDeletedSchema } },
      handler: ({ actor, params }) => files.remove(actor, params.file_id),
    });
  };
}

/** Fields may stand behind the file: its bytes are taken in first, and let go where the form is wrong. */
async function keepFile(files: ApiFiles, request: FastifyRequest): Promise<OpenAiFile> {
  const { actor } = request;
  const taken: (TakenBytes & { filename: string })[] = [];
  try {
    const fields = await readForm(request, {
      schema: fileFieldsSchema,
      maxFileBytes: API_FILE_BYTES,
      take: async (field, { name: filename }, bytes) => {
        if (field === 'file' && taken.length === 0) taken.push({ ...(await files.take(actor, bytes)), filename });
      },
    });
    const [file] = taken;
    if (!file) throw new InvalidInputError('file: the file is missing', { field: 'file' });
    return await files.create(actor, { filename: file.filename, fields, taken: file });
  } catch (error) {
    for (const file of taken) await files.drop(file);
    throw error;
  }
}
