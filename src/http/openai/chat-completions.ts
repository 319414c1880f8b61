import type { TargetListener } from '../../features/platform/target-listener.ts';
import {
  chatCompletionChunkSchema,
  chatCompletionRequestSchema,
  chatCompletionSchema,
} from '../../../contract/openai/chat-completions.ts';
import type { ChatCompletions } from '../../features/platform/chat/chat-completions.ts';
import type { AnswerCache } from '../../features/platform/cache/answer-cache.ts';
import type { RelayedAnswers } from '../../features/platform/relay/relayed-answers.ts';
import { readerSignal } from '../reader-signal.ts';
import type { OpenAiArea } from './openai-area.ts';
import { frameOf } from '../../models/relay/relay-exchange.ts';
import { askCache, type KeepAnswer } from './cached-answers.ts';
import { idempotencyKeyOf } from './idempotency-key-of.ts';
import { relayHeaders, sendRelayed } from './send-relayed.ts';
import { sendChunks } from './send-chunks.ts';

/** Bytes; pictures travel inside requests. */
const BODY_LIMIT = 64 * 1024 * 1024;

/** `POST /v1/chat/completions`. */
export function chatCompletionsArea({
  chatCompletions: completions,
  relayedAnswers: relayed,
  answerCache,
}: {
  chatCompletions: ChatCompletions;
  relayedAnswers: RelayedAnswers;
  answerCache: AnswerCache;
}): OpenAiArea {
  return (app) => {
    app.route({
      method: 'POST',
      url: '/chat/completions',
      bodyLimit: BODY_LIMIT,
      schema: { summary: 'Answers a conversation', tags: ['openai'], body: chatCompletionRequestSchema },
      config: {
        access: 'user',
        scope: 'models',
        answers: { 200: chatCompletionSchema },
        events: chatCompletionChunkSchema,
      },
      handler: async (asked, reply) => {
        const { actor, body, id } = asked;
        const { sent, keep } = await askCache(answerCache, asked, reply);
        if (sent) return reply;
        const signal = readerSignal(reply);
        const path = '/chat/completions' as const;
        const request = { actor, path, kind: 'text', body, raw: null, requestId: id, signal } as const;
        // What is to be kept has to be read.
        const plan = body.store === true ? null : await relayed.plan(request);
        if (plan) return sendRelayed(reply, await relayed.answer(request, plan), keep);
        const idempotencyKey = idempotencyKeyOf(asked.headers);
        const onTarget: TargetListener = (target) => void reply.headers(relayHeaders(target));
        const call = { actor, request: body, requestId: id, idempotencyKey, onTarget, signal };
        if (body.stream !== true) {
          const completion = await completions.create(call);
          keep?.({ ref: completion.model, text: Buffer.from(JSON.stringify(completion)).toString('latin1') });
          return reply.send(completion);
        }
        const chunks = await completions.stream(call);
        await sendChunks(reply, keep ? keepChunks(chunks, body.model, keep) : chunks);
        return reply;
      },
    });
  };
}

/** Hands chunks on, and keeps them when the last was taken. */
async function* keepChunks<Chunk>(
  chunks: AsyncIterable<Chunk>,
  ref: string,
  keep: NonNullable<KeepAnswer>,
): AsyncGenerator<Chunk> {
  let text = '';
  for await (const chunk of chunks) {
    text += frameOf(chunk);
    yield chunk;
  }
  keep({ ref, text: `${text}data: [DONE]\n\n` });
}
