import { z } from 'zod';
import { idSchema, okSchema } from '../../../contract/common.ts';
import {
  duplicatePresetSchema,
  importedPresetSchema,
  importPresetSchema,
  presetFileSchema,
  presetFormatSchema,
  promptPresetSchema,
  promptPresetSummarySchema,
  savePresetSchema,
} from '../../../contract/prompts.ts';
import type { Presets } from '../../features/presets/presets.ts';
import type { Area } from '../http-app.ts';

const byId = z.object({ id: idSchema });
const tags = ['presets'];
const config = { access: 'user', scope: 'chat' } as const;
/** A preset of 8 MiB as JSON, or as base64 in JSON. */
const BODY_LIMIT = 12 * 1024 * 1024;

/** How prompts are made: the house’s presets, and one’s own. */
export function presetsArea(presets: Presets): Area {
  return (app) => {
    app.route({
      method: 'GET',
      url: '/api/presets',
      schema: {
        summary: 'The presets of the house and one’s own',
        tags,
        response: { 200: z.object({ presets: z.array(promptPresetSummarySchema) }) },
      },
      config,
      handler: async ({ actor }) => ({ presets: await presets.list(actor) }),
    });
    app.route({
      method: 'POST',
      url: '/api/presets',
      bodyLimit: BODY_LIMIT,
      schema: { summary: 'Creates a preset', tags, body: savePresetSchema, response: { 200: promptPresetSchema } },
      config,
      handler: ({ actor, body }) => presets.create(actor, body),
    });
    app.route({
      method: 'POST',
      url: '/api/presets/import',
      bodyLimit: BODY_LIMIT,
      schema: {
        summary: 'Reads a preset or template of SillyTavern’s, or a preset of ours',
        tags,
        body: importPresetSchema,
        response: { 200: importedPresetSchema },
      },
      config,
      handler: ({ actor, body }) =>
        presets.import(actor, { fileName: body.fileName, bytes: Buffer.from(body.data, 'base64') }),
    });
    app.route({
      method: 'GET',
      url: '/api/presets/:id',
      schema: { summary: 'One preset', tags, params: byId, response: { 200: promptPresetSchema } },
      config,
      handler: ({ actor, params }) => presets.read(actor, params.id),
    });
    app.route({
      method: 'PUT',
      url: '/api/presets/:id',
      bodyLimit: BODY_LIMIT,
      schema: {
        summary: 'Changes a preset of one’s own',
        tags,
        params: byId,
        body: savePresetSchema,
        response: { 200: promptPresetSchema },
      },
      config,
      handler: ({ actor, params, body: { name, body, expectedRevision } }) =>
        presets.update(actor, params.id, { name, body, expectedRevision }),
    });
    app.route({
      method: 'DELETE',
      url: '/api/presets/:id',
      schema: {
        summary: 'Deletes it; conversations that use it go on with the house’s own',
        tags,
        params: byId,
        response: { 200: okSchema },
      },
      config,
      handler: async ({ actor, params }) => {
        await presets.delete(actor, params.id);
        return { ok: true as const };
      },
    });
    app.route({
      method: 'POST',
      url: '/api/presets/:id/restore',
      schema: { summary: 'Undoes its deletion', tags, params: byId, response: { 200: promptPresetSchema } },
      config,
      handler: ({ actor, params }) => presets.restore(actor, params.id),
    });
    app.route({
      method: 'POST',
      url: '/api/presets/:id/duplicate',
      schema: {
        summary: 'Copies a preset, the house’s too',
        tags,
        params: byId,
        body: duplicatePresetSchema,
        response: { 200: promptPresetSchema },
      },
      config,
      handler: ({ actor, params, body }) => presets.duplicate(actor, params.id, body.name),
    });
    app.route({
      method: 'GET',
      url: '/api/presets/:id/export',
      schema: {
        summary: 'A preset as a file: ours, or SillyTavern’s chat-completion form',
        tags,
        params: byId,
        querystring: z.object({ format: presetFormatSchema.default('everwith') }),
        response: { 200: presetFileSchema },
      },
      config,
      handler: async ({ actor, params, query }, reply) => {
        const { fileName, file } = await presets.export(actor, params.id, query.format);
        reply.header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(fileName)}`);
        return file;
      },
    });
  };
}
