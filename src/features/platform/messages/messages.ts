import type {
  AnthropicAnswer,
  CountTokensRequest,
  MessagesRequest,
  MessageStreamEvent,
} from '../../../../contract/anthropic/messages.ts';
import type { Actor } from '../../../accounts/actor.ts';
import { startAnswer } from '../chat/start-answer.ts';
import { toCall } from '../chat/to-call.ts';
import type { AnswerSource, Generation } from '../generations.ts';
import type { PromptCounts } from '../prompt-counts.ts';
import { MessageComposer } from './message-composer.ts';
import { toChatRequest } from './to-chat-request.ts';

export interface MessagesCall {
  actor: Actor;
  request: MessagesRequest;
  requestId: string;
  idempotencyKey: string | null;
  signal: AbortSignal;
}

/** `POST /v1/messages`: Anthropic's clients, answered by the same models and characters. */
export class Messages {
  readonly #generations: AnswerSource;
  readonly #counts: PromptCounts;

  constructor({ generations, counts }: { generations: AnswerSource; counts: PromptCounts }) {
    this.#generations = generations;
    this.#counts = counts;
  }

  async create(call: MessagesCall): Promise<AnthropicAnswer> {
    const { generation, composer } = await this.#start(call);
    for await (const part of generation.parts) composer.take(part);
    return composer.answer;
  }

  /** Rejects before the first event where the request cannot be answered. */
  async stream(call: MessagesCall): Promise<AsyncIterable<MessageStreamEvent>> {
    return told(await this.#start(call));
  }

  async countTokens(actor: Actor, request: CountTokensRequest, signal: AbortSignal): Promise<{ input_tokens: number }> {
    const call = toCall(toChatRequest(request));
    return { input_tokens: await this.#counts.count({ ...call, actor, model: request.model, signal }) };
  }

  async #start({ actor, request, requestId, idempotencyKey, signal }: MessagesCall) {
    const { conversation } = request;
    const chat = { ...toChatRequest(request), ...(conversation ? { conversation } : {}) };
    const { top_k: topK } = request;
    const call = { ...toCall(chat), ...(topK ? { topK } : {}) };
    const generation = await startAnswer(this.#generations, {
      actor,
      request: chat,
      call,
      requestId,
      idempotencyKey,
      signal,
    });
    const { thinking } = request;
    const composer = new MessageComposer({
      id: `msg_${generation.callId.replaceAll('-', '')}`,
      model: generation.model,
      inputTokens: generation.inputTokens,
      showsThoughts: thinking !== undefined && thinking.type !== 'disabled',
    });
    return { generation, composer };
  }
}

async function* told({
  generation,
  composer,
}: {
  generation: Generation;
  composer: MessageComposer;
}): AsyncGenerator<MessageStreamEvent> {
  yield* composer.begin();
  for await (const part of generation.parts) yield* composer.take(part);
}
