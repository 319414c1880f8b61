import { chatCompletionRequestSchema, chatCompletionSchema } from '../../../contract/openai/chat-completions.ts';
import type { ChatCompletions } from '../../features/platform/chat/chat-completions.ts';
import type { RelayedAnswers } from '../../features/platform/relay/relayed-answers.ts';
import { readerSignal } from '../reader-signal.ts';
import type { OpenAiArea } from './openai-area.ts';
import { sendRelayed } from './send-relayed.ts';
import { sendChunks } from './send-chunks.ts';

/** Bytes; pictures travel inside requests. */
const BODY_LIMIT = 64 * 1024 * 1024;

/** `POST /v1/chat/completions`. */
export function chatCompletionsArea(completions: ChatCompletions, relayed: RelayedAnswers): OpenAiArea {
  return (app) => {
    app.route({
      method: 'POST',
      url: '/chat/completions',
      bodyLimit: BODY_LIMIT,
      schema: { summary: 'Answers a conversation', tags: ['openai'], body: chatCompletionRequestSchema },
      config: { access: 'user', scope: 'models', answers: { 200: chatCompletionSchema } },
      handler: async ({ actor, body, id }, reply) => {
        const signal = readerSignal(reply);
        const path = '/chat/completions' as const;
        const request = { actor, path, kind: 'text', body, raw: null, requestId: id, signal } as const;
        // What is to be kept has to be read.
        const plan = body.store === true ? null : await relayed.plan(request);
        if (plan) return sendRelayed(reply, await relayed.answer(request, plan));
        const call = { actor, request: body, requestId: id, signal };
        if (body.stream !== true) return reply.send(await completions.create(call));
        await sendChunks(reply, await completions.stream(call));
        return reply;
      },
    });
  };
}
