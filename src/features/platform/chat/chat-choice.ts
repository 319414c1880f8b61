import type { ChatCompletion, ChatToolCall, TokenLogprob } from '../../../../contract/openai/chat-completions.ts';
import type { FinishPart } from '../generations.ts';
import type { AnswerPart } from './answer-part.ts';
import { customInput } from './custom-tools.ts';
import { finishReasonOf } from './finish-reason.ts';
import { logprobsOf } from './logprobs-of.ts';

/** One whole answer, put together from its parts. */
export class ChatChoice {
  readonly #calls: ChatToolCall[] = [];
  readonly #logprobs: TokenLogprob[] | null;
  readonly #custom: ReadonlySet<string>;
  #text = '';
  #reasoning = '';
  /** Of an answer in sound. */
  #sound: { id: string; bytes: Uint8Array[]; expiresAt: number } | null = null;
  finish: FinishPart | null = null;

  constructor({ logprobs, custom }: { logprobs: boolean; custom: ReadonlySet<string> }) {
    this.#custom = custom;
    this.#logprobs = logprobs ? [] : null;
  }

  take(part: AnswerPart): void {
    switch (part.type) {
      case 'text-delta':
        this.#text += part.delta;
        this.#logprobs?.push(...logprobsOf(part));
        break;
      case 'reasoning-delta':
        this.#reasoning += part.delta;
        break;
      case 'tool-call': {
        const { toolCallId: id, toolName: name, input } = part;
        this.#calls.push(
          this.#custom.has(name)
            ? { id, type: 'custom', custom: { name, input: customInput(input) } }
            : { id, type: 'function', function: { name, arguments: input } },
        );
        break;
      }
      case 'sound-start':
        this.#sound = { id: part.id, bytes: [], expiresAt: 0 };
        break;
      case 'sound-delta':
        this.#sound?.bytes.push(part.bytes);
        break;
      case 'sound-end':
        if (this.#sound) this.#sound.expiresAt = part.expiresAt;
        break;
      case 'finish':
        this.finish = part;
        break;
      default:
    }
  }

  /** As the answer tells it. */
  view(index: number): ChatCompletion['choices'][number] {
    if (this.finish === null) throw new Error('A generation ends with a finish part.');
    const calls = this.#calls;
    return {
      index,
      message: {
        role: 'assistant',
        content: this.#sound || (this.#text === '' && calls.length > 0) ? null : this.#text,
        refusal: null,
        ...this.#audio(),
        ...(this.#reasoning === '' ? {} : { reasoning_content: this.#reasoning }),
        ...(calls.length === 0 ? {} : { tool_calls: calls }),
        annotations: [],
      },
      logprobs: this.#logprobs && { content: this.#logprobs, refusal: null },
      finish_reason: finishReasonOf(this.finish, calls.length > 0),
    };
  }

  #audio() {
    if (this.#sound === null) return {};
    const { id, bytes, expiresAt } = this.#sound;
    const data = Buffer.concat(bytes).toString('base64');
    return { audio: { id, expires_at: expiresAt, data, transcript: this.#text } };
  }
}
