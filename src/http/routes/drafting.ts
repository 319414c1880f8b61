import {
  countTokensSchema,
  countedTokensSchema,
  draftCharacterSchema,
  previewSchema,
} from '../../../contract/drafting.ts';
import type { Drafting } from '../../features/drafting/drafting.ts';
import type { PreviewTalk } from '../../features/drafting/preview.ts';
import type { Area } from '../http-app.ts';
import { readerSignal } from '../reader-signal.ts';
import { sendEvents } from '../sockets/sse.ts';

const tags = ['characters'];
const config = { access: 'user', scope: 'chat' } as const;
/** Every text of a large card, as JSON. */
const BODY_LIMIT = 6 * 1024 * 1024;
/** Calls a minute of one person: each keeps a model busy for a while. */
const MODEL_CALLS = 60;

export interface DraftingAreaOptions {
  drafting: Drafting;
  preview: PreviewTalk;
}

/** What the house's model does for somebody who writes a character. */
export function draftingArea({ drafting, preview }: DraftingAreaOptions): Area {
  return (app) => {
    const countCalls = app.limitCalls({ max: MODEL_CALLS, key: (request) => `model-call:${request.actor.userId}` });
    app.route({
      method: 'POST',
      url: '/api/characters/draft',
      bodyLimit: BODY_LIMIT,
      schema: { summary: 'Writes fields of a card, as events; nothing is stored', tags, body: draftCharacterSchema },
      config,
      preHandler: countCalls,
      handler: async ({ actor, body }, reply) => {
        await sendEvents(reply, (signal) => drafting.draft(actor, body, signal));
      },
    });
    app.route({
      method: 'POST',
      url: '/api/characters/preview',
      bodyLimit: BODY_LIMIT,
      schema: { summary: 'Answers as a character that is not saved, as events', tags, body: previewSchema },
      config,
      preHandler: countCalls,
      handler: async ({ actor, body }, reply) => {
        await sendEvents(reply, (signal) => preview.reply(actor, body, signal));
      },
    });
    app.route({
      method: 'POST',
      url: '/api/tokens',
      bodyLimit: BODY_LIMIT,
      schema: {
        summary: 'Counts texts for the model in use',
        tags,
        body: countTokensSchema,
        response: { 200: countedTokensSchema },
      },
      config,
      handler: ({ body }, reply) => drafting.count(body.texts, readerSignal(reply)),
    });
  };
}
