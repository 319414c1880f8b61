import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import type {
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionRequest,
  ChatFinishReason,
  ChatToolCall,
} from '../../../../contract/openai/chat-completions.ts';
import type { Actor } from '../../../accounts/actor.ts';
import type { Clock } from '../../../base/clock.ts';
import type { AnswerSource, FinishPart, Generation } from '../generations.ts';
import { completionUsage } from './completion-usage.ts';
import { toCall } from './to-call.ts';

export interface ChatCompletionCall {
  actor: Actor;
  request: ChatCompletionRequest;
  requestId: string;
  signal: AbortSignal;
}

type Delta = ChatCompletionChunk['choices'][number]['delta'];

/** `POST /v1/chat/completions`, whole or as chunks. */
export class ChatCompletions {
  readonly #generations: AnswerSource;
  readonly #clock: Clock;

  constructor({ generations, clock }: { generations: AnswerSource; clock: Clock }) {
    this.#generations = generations;
    this.#clock = clock;
  }

  async create(call: ChatCompletionCall): Promise<ChatCompletion> {
    const generation = await this.#start(call);
    let text = '';
    const calls: ChatToolCall[] = [];
    let finish: FinishPart | null = null;
    for await (const part of generation.parts) {
      if (part.type === 'text-delta') text += part.delta;
      else if (part.type === 'tool-call') {
        const { toolCallId: id, toolName: name, input } = part;
        calls.push({ id, type: 'function', function: { name, arguments: input } });
      } else if (part.type === 'finish') finish = part;
    }
    if (finish === null) throw new Error('A generation ends with a finish part.');
    return {
      ...this.#head(generation),
      object: 'chat.completion',
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: text === '' && calls.length > 0 ? null : text,
            refusal: null,
            ...(calls.length === 0 ? {} : { tool_calls: calls }),
            annotations: [],
          },
          logprobs: null,
          finish_reason: finishReasonOf(finish, calls.length > 0),
        },
      ],
      usage: completionUsage(finish),
    };
  }

  /** Rejects before the first chunk where the request cannot be answered. */
  async stream(call: ChatCompletionCall): Promise<AsyncIterable<ChatCompletionChunk>> {
    const generation = await this.#start(call);
    return this.#chunks(generation, call.request.stream_options?.include_usage === true);
  }

  async *#chunks(generation: Generation, includeUsage: boolean): AsyncGenerator<ChatCompletionChunk> {
    const head = { ...this.#head(generation), object: 'chat.completion.chunk' as const };
    const usage = includeUsage ? { usage: null } : {};
    const chunk = (delta: Delta, reason: ChatFinishReason | null = null): ChatCompletionChunk => ({
      ...head,
      choices: [{ index: 0, delta, logprobs: null, finish_reason: reason }],
      ...usage,
    });
    yield chunk({ role: 'assistant', content: '', refusal: null });
    const deltas = new ToolCallDeltas();
    for await (const part of generation.parts) {
      if (part.type === 'text-delta') yield chunk({ content: part.delta });
      else if (part.type === 'finish') {
        yield chunk({}, finishReasonOf(part, deltas.count > 0));
        if (includeUsage) yield { ...head, choices: [], usage: completionUsage(part) };
      } else {
        const delta = deltas.take(part);
        if (delta) yield chunk(delta);
      }
    }
  }

  #start({ actor, request, requestId, signal }: ChatCompletionCall): Promise<Generation> {
    return this.#generations.start({ actor, model: request.model, call: toCall(request), requestId, signal });
  }

  #head({ callId, model, ref }: Generation) {
    return {
      id: `chatcmpl-${callId}`,
      created: Math.floor(this.#clock.now() / 1000),
      model,
      system_fingerprint: `fp_${ref.replaceAll(/\W+/g, '_')}`,
    };
  }
}

/** Calls of tools as they grow: `index` on every delta, `id` and `name` once. */
class ToolCallDeltas {
  readonly #indexes = new Map<string, number>();
  readonly #told = new Set<string>();

  get count(): number {
    return this.#indexes.size;
  }

  take(part: LanguageModelV4StreamPart): Delta | null {
    switch (part.type) {
      case 'tool-input-start':
        return this.#begin(part.id, part.toolName, '');
      case 'tool-input-delta':
        this.#told.add(part.id);
        return { tool_calls: [{ index: this.#indexOf(part.id), function: { arguments: part.delta } }] };
      case 'tool-call': {
        const { toolCallId: id, toolName, input } = part;
        if (!this.#indexes.has(id)) return this.#begin(id, toolName, input);
        return this.#told.has(id)
          ? null
          : { tool_calls: [{ index: this.#indexOf(id), function: { arguments: input } }] };
      }
      default:
        return null;
    }
  }

  #begin(id: string, name: string, text: string): Delta {
    const call = { index: this.#indexOf(id), id, type: 'function' as const, function: { name, arguments: text } };
    return { tool_calls: [call] };
  }

  #indexOf(id: string): number {
    const known = this.#indexes.get(id);
    if (known !== undefined) return known;
    this.#indexes.set(id, this.#indexes.size);
    return this.#indexes.size - 1;
  }
}

function finishReasonOf({ finishReason }: FinishPart, calls: boolean): ChatFinishReason {
  switch (finishReason.unified) {
    case 'length':
      return 'length';
    case 'content-filter':
      return 'content_filter';
    case 'tool-calls':
      return 'tool_calls';
    default:
      return calls ? 'tool_calls' : 'stop';
  }
}
