import { LlamaGrammarEvaluationState, type Llama, type LlamaModel } from 'node-llama-cpp';
import { callGrammar } from './arguments-grammar.ts';
import type { GenerateRequest } from './engine-protocol.ts';
import { isWholeJson } from './whole-json.ts';
import { CALL_CLOSE, CALL_OPEN, withoutEcho } from './tool-protocol.ts';

/** Behind the name of the tool in a call, with what stands there of the next key. */
const NAMED = /\{\s*"name"\s*:\s*"([\w-]{1,64})"(\s*,?\s*"?)$/;
/** An answer that is a call without its marks. */
const BARE = /^\s*(?:```\w*\s*)?\{/;
/** UTF-16 units looked at for the name. */
const LOOKED_AT = 200;

/*
 * States
 *   free  the model says what it likes. Exit: it names a tool in a call → held.
 *   held  what follows is the tool's arguments, by its schema. Exit: the call's closing brace → free.
 */

/** Holds the calls of a reply to the schema of the tool that they name: what is begun as a call comes out as one. */
export class CallHold {
  readonly #options: { llama: Llama; model: LlamaModel; tools: GenerateRequest['tools'] };
  #said = '';
  #state: LlamaGrammarEvaluationState | undefined;
  /** Of the call that is held, from its name on. */
  #held = '';

  constructor(options: { llama: Llama; model: LlamaModel; tools: GenerateRequest['tools'] }) {
    this.#options = options;
  }

  /** What the next token is held to. */
  get state(): LlamaGrammarEvaluationState | undefined {
    return this.#state;
  }

  /** Takes what a token said. */
  async push(text: string): Promise<void> {
    this.#said += text;
    if (this.#state) {
      this.#held += text;
      if (isWholeJson(this.#held)) this.#state = undefined;
      return;
    }
    if (!this.#isInCall()) return;
    const [, name = '', begun = ''] = NAMED.exec(this.#said.slice(-LOOKED_AT)) ?? [];
    const tool = this.#options.tools.find((one) => one.name === name);
    if (!tool) return;
    const rest = callGrammar(JSON.parse(tool.schema), { comma: begun.includes(','), quote: begun.includes('"') });
    this.#state = await this.#hold(rest);
    this.#held = `{"name": "${name}"${begun}`;
  }

  /** A schema whose grammar the engine refuses holds nothing: the call is checked by whoever runs it anyway. */
  async #hold(rest: string): Promise<LlamaGrammarEvaluationState | undefined> {
    const { llama, model } = this.#options;
    try {
      return new LlamaGrammarEvaluationState({ model, grammar: await llama.createGrammar({ grammar: rest }) });
    } catch {
      return undefined;
    }
  }

  #isInCall(): boolean {
    return this.#said.lastIndexOf(CALL_OPEN) > this.#said.lastIndexOf(CALL_CLOSE) || BARE.test(withoutEcho(this.#said));
  }
}
