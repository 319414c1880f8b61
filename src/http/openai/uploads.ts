import { z } from 'zod';
import {
  completeUploadSchema,
  createUploadSchema,
  uploadPartFieldsSchema,
  uploadPartFormSchema,
  uploadPartSchema,
  uploadSchema,
  type UploadPart,
} from '../../../contract/openai/uploads.ts';
import { InvalidInputError } from '../../base/errors.ts';
import { UPLOAD_PART_BYTES, type ApiUploads } from '../../features/platform/files/api-uploads.ts';
import type { OpenAiArea } from './openai-area.ts';
import { readForm } from './read-form.ts';

const config = { access: 'user', scope: 'models' } as const;
const tags = ['openai'];
const params = z.object({ upload_id: z.string().max(200) });

/** `/v1/uploads`. */
export function uploadsArea(uploads: ApiUploads): OpenAiArea {
  return (app) => {
    app.route({
      method: 'POST',
      url: '/uploads',
      schema: { summary: 'Begins a file that comes in parts', tags, body: createUploadSchema },
      config: { ...config, answers: { 200: uploadSchema } },
      handler: ({ actor, body }) => uploads.create(actor, body),
    });
    app.route({
      method: 'POST',
      url: '/uploads/:upload_id/parts',
      bodyLimit: UPLOAD_PART_BYTES + 2 * 1024 * 1024,
      schema: { summary: 'Takes a part of a file', tags, params, consumes: ['multipart/form-data'] },
      config: { ...config, takes: uploadPartFormSchema, answers: { 200: uploadPartSchema } },
      handler: async (request) => {
        const own = { actor: request.actor, id: request.params.upload_id };
        const added: UploadPart[] = [];
        await readForm(request, {
          schema: uploadPartFieldsSchema,
          maxFileBytes: UPLOAD_PART_BYTES,
          take: async (field, _file, bytes) => {
            if (field === 'data' && added.length === 0) added.push(await uploads.addPart(own, bytes));
          },
        });
        const [part] = added;
        if (!part) throw new InvalidInputError('data: the bytes of the part are missing', { field: 'data' });
        return part;
      },
    });
    app.route({
      method: 'POST',
      url: '/uploads/:upload_id/complete',
      schema: { summary: 'Makes a file of its parts', tags, params, body: completeUploadSchema },
      config: { ...config, answers: { 200: uploadSchema } },
      handler: ({ actor, params: { upload_id: id }, body }) => uploads.complete({ actor, id }, body),
    });
    app.route({
      method: 'POST',
      url: '/uploads/:upload_id/cancel',
      schema: { summary: 'Gives a begun file up', tags, params },
      config: { ...config, answers: { 200: uploadSchema } },
      handler: ({ actor, params: { upload_id: id } }) => uploads.cancel({ actor, id }),
    });
  };
}
