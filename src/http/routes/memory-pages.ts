import { z } from 'zod';
import { idSchema, okSchema } from '../../../contract/common.ts';
import {
  changeDiaryEntrySchema,
  changeMemoryDateSchema,
  diaryEntryListSchema,
  diaryEntrySchema,
  memoryDateListSchema,
  memoryDateSchema,
  memoryRuleListSchema,
  memoryRuleSchema,
  newDiaryEntrySchema,
  newMemoryDateSchema,
  newMemoryRuleSchema,
} from '../../../contract/memory.ts';
import type { Memories } from '../../features/memories/memories.ts';
import type { Area } from '../http-app.ts';

const byId = z.object({ id: idSchema });
const diaryQuery = z.object({
  cursor: idSchema.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
const tags = ['memory'];
const config = { access: 'user', scope: 'chat' } as const;

/** The diary, promises and dates. */
export function memoryPagesArea({ pages }: Memories): Area {
  return (app) => {
    app.route({
      method: 'GET',
      url: '/api/characters/:id/memory/diary',
      schema: {
        summary: 'A character’s diary, newest first',
        tags,
        params: byId,
        querystring: diaryQuery,
        response: { 200: diaryEntryListSchema },
      },
      config,
      handler: ({ actor, params, query }) => pages.diary(actor, params.id, query),
    });
    app.route({
      method: 'POST',
      url: '/api/characters/:id/memory/diary',
      schema: {
        summary: 'Writes a page into a character’s diary',
        tags,
        params: byId,
        body: newDiaryEntrySchema,
        response: { 200: diaryEntrySchema },
      },
      config,
      handler: ({ actor, params, body }) => pages.addEntry(actor, params.id, body),
    });
    app.route({
      method: 'PATCH',
      url: '/api/memory/diary/:id',
      schema: {
        summary: 'Writes a page of a diary anew',
        tags,
        params: byId,
        body: changeDiaryEntrySchema,
        response: { 200: diaryEntrySchema },
      },
      config,
      handler: ({ actor, params, body }) => pages.changeEntry(actor, params.id, body),
    });
    app.route({
      method: 'DELETE',
      url: '/api/memory/diary/:id',
      schema: { summary: 'Takes a page out of a diary for good', tags, params: byId, response: { 200: okSchema } },
      config,
      handler: async ({ actor, params }) => {
        await pages.removeEntry(actor, params.id);
        return { ok: true as const };
      },
    });
    app.route({
      method: 'GET',
      url: '/api/characters/:id/memory/dates',
      schema: {
        summary: 'Promises, appointments and anniversaries, the next due first',
        tags,
        params: byId,
        response: { 200: memoryDateListSchema },
      },
      config,
      handler: ({ actor, params }) => pages.dates(actor, params.id),
    });
    app.route({
      method: 'POST',
      url: '/api/characters/:id/memory/dates',
      schema: {
        summary: 'Tells a character of a date to keep',
        tags,
        params: byId,
        body: newMemoryDateSchema,
        response: { 200: memoryDateSchema },
      },
      config,
      handler: ({ actor, params, body }) => pages.addDate(actor, params.id, body),
    });
    app.route({
      method: 'PATCH',
      url: '/api/memory/dates/:id',
      schema: {
        summary: 'Changes a date, or says what became of it',
        tags,
        params: byId,
        body: changeMemoryDateSchema,
        response: { 200: memoryDateSchema },
      },
      config,
      handler: ({ actor, params, body }) => pages.changeDate(actor, params.id, body),
    });
    app.route({
      method: 'DELETE',
      url: '/api/memory/dates/:id',
      schema: { summary: 'Forgets a date for good', tags, params: byId, response: { 200: okSchema } },
      config,
      handler: async ({ actor, params }) => {
        await pages.removeDate(actor, params.id);
        return { ok: true as const };
      },
    });
  };
}

/** What must never be remembered. */
export function memoryRulesArea({ rules }: Memories): Area {
  return (app) => {
    app.route({
      method: 'GET',
      url: '/api/characters/:id/memory/rules',
      schema: {
        summary: 'What a character must never remember, newest first',
        tags,
        params: byId,
        response: { 200: memoryRuleListSchema },
      },
      config,
      handler: ({ actor, params }) => rules.list(actor, params.id),
    });
    app.route({
      method: 'POST',
      url: '/api/characters/:id/memory/rules',
      schema: {
        summary: 'Never remember a message, or words; what was remembered of the message is forgotten',
        tags,
        params: byId,
        body: newMemoryRuleSchema,
        response: { 200: memoryRuleSchema },
      },
      config,
      handler: ({ actor, params, body }) => rules.add(actor, params.id, body),
    });
    app.route({
      method: 'DELETE',
      url: '/api/memory/rules/:id',
      schema: { summary: 'Takes such a rule back', tags, params: byId, response: { 200: okSchema } },
      config,
      handler: async ({ actor, params }) => {
        await rules.remove(actor, params.id);
        return { ok: true as const };
      },
    });
  };
}
