import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import type { ChatCompletionChunk, ChatDelta } from '../../../../contract/openai/chat-completions.ts';
import type { AnswerPart } from './answer-part.ts';
import { customInput } from './custom-tools.ts';
import { finishReasonOf } from './finish-reason.ts';
import { logprobsOf } from './logprobs-of.ts';

type ChunkChoice = ChatCompletionChunk['choices'][number];

/** One answer as it grows: the role first, the reason last in a delta of its own. */
export class ChoiceDeltas {
  readonly #index: number;
  readonly #logprobs: boolean;
  readonly #calls: ToolCallDeltas;
  /** Its words are told as what is said. */
  #isSpoken = false;

  constructor({ index, logprobs, custom }: { index: number; logprobs: boolean; custom: ReadonlySet<string> }) {
    this.#calls = new ToolCallDeltas(custom);
    this.#index = index;
    this.#logprobs = logprobs;
  }

  begin(): ChunkChoice {
    return this.#choice({ role: 'assistant', content: '', refusal: null });
  }

  take(part: AnswerPart): ChunkChoice | null {
    switch (part.type) {
      case 'sound-start':
        this.#isSpoken = true;
        return this.#choice({ audio: { id: part.id, transcript: '' } });
      case 'sound-delta':
        return this.#choice({ audio: { data: Buffer.from(part.bytes).toString('base64') } });
      case 'sound-end':
        return this.#choice({ audio: { expires_at: part.expiresAt } });
      case 'text-delta': {
        const choice = this.#choice(this.#isSpoken ? { audio: { transcript: part.delta } } : { content: part.delta });
        return this.#logprobs ? { ...choice, logprobs: { content: logprobsOf(part), refusal: null } } : choice;
      }
      case 'reasoning-delta':
        return this.#choice({ reasoning_content: part.delta });
      case 'finish':
        return { ...this.#choice({}), finish_reason: finishReasonOf(part, this.#calls.count > 0) };
      default: {
        const delta = this.#calls.take(part);
        return delta && this.#choice(delta);
      }
    }
  }

  #choice(delta: ChatDelta): ChunkChoice {
    return { index: this.#index, delta, logprobs: null, finish_reason: null };
  }
}

/** Calls of tools as they grow: `index` on every delta, `id` and `name` once. */
class ToolCallDeltas {
  /** Names of tools that take a text: they are told whole. */
  readonly #custom: ReadonlySet<string>;
  readonly #indexes = new Map<string, number>();
  readonly #told = new Set<string>();

  constructor(custom: ReadonlySet<string>) {
    this.#custom = custom;
  }

  get count(): number {
    return this.#indexes.size;
  }

  take(part: LanguageModelV4StreamPart): ChatDelta | null {
    switch (part.type) {
      case 'tool-input-start':
        return this.#custom.has(part.toolName) ? null : this.#begin(part.id, part.toolName, '');
      case 'tool-input-delta':
        if (!this.#indexes.has(part.id)) return null;
        this.#told.add(part.id);
        return { tool_calls: [{ index: this.#indexOf(part.id), function: { arguments: part.delta } }] };
      case 'tool-call': {
        const { toolCallId: id, toolName, input } = part;
        if (this.#custom.has(toolName)) {
          const custom = { name: toolName, input: customInput(input) };
          return { tool_calls: [{ index: this.#indexOf(id), id, type: 'custom', custom }] };
        }
        if (!this.#indexes.has(id)) return this.#begin(id, toolName, input);
        return this.#told.has(id)
          ? null
          : { tool_calls: [{ index: this.#indexOf(id), function: { arguments: input } }] };
      }
      default:
        return null;
    }
  }

  #begin(id: string, name: string, text: string): ChatDelta {
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
