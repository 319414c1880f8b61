import type { ChatWrapper, LlamaModel } from 'node-llama-cpp';
import type { InstructMarks } from '../../../contract/prompts.ts';
import { ChatRenderer } from './chat-renderer.ts';
import { InstructChatWrapper } from './instruct-chat-wrapper.ts';

/** Templates kept ready; each remembers the tokens of what was said. */
const MAX_TEMPLATES = 4;

/** The model's own chat template, and instruct templates as calls bring them. */
export class ChatRenderers {
  readonly #model: LlamaModel;
  readonly #own: ChatRenderer;
  readonly #instructed = new Map<string, ChatRenderer>();

  constructor(model: LlamaModel, wrapper: ChatWrapper) {
    this.#model = model;
    this.#own = new ChatRenderer(model, wrapper);
  }

  for(template: InstructMarks | null): ChatRenderer {
    if (template === null) return this.#own;
    const key = JSON.stringify(template);
    const known = this.#instructed.get(key);
    const beginsWithToken = this.#model.tokens.shouldPrependBosToken;
    const renderer = known ?? new ChatRenderer(this.#model, new InstructChatWrapper(template, { beginsWithToken }));
    // The newest used is the last.
    this.#instructed.delete(key);
    this.#instructed.set(key, renderer);
    const [oldest] = this.#instructed.keys();
    if (this.#instructed.size > MAX_TEMPLATES && oldest !== undefined) this.#instructed.delete(oldest);
    return renderer;
  }
}
