import { chatCompletionRequestSchema } from '../../../contract/openai/chat-completions.ts';
import type { ChatCompletions } from '../../features/platform/chat/chat-completions.ts';
import { readerSignal } from '../reader-signal.ts';
import type { OpenAiArea } from './openai-area.ts';
import { sendChunks } from './send-chunks.ts';

/** Bytes; pictures travel inside requests. */
const BODY_LIMIT = 64 * 1024 * 1024;

/** `POST /v1/chat/completions`. */
export function chatCompletionsArea(completions: ChatCompletions): OpenAiArea {
  return (app) => {
    app.route({
      method: 'POST',
      url: '/chat/completions',
      bodyLimit: BODY_LIMIT,
      schema: { summary: 'Answers a conversation', tags: ['openai'], body: chatCompletionRequestSchema },
      config: { access: 'user', scope: 'models' },
      handler: async ({ actor, body, id }, reply) => {
        const call = { actor, request: body, requestId: id, signal: readerSignal(reply) };
        if (body.stream !== true) return reply.send(await completions.create(call));
        await sendChunks(reply, await completions.stream(call));
        return reply;
      },
    });
  };
}
