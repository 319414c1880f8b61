import type { ChatCompletion, ChatCompletionRequest } from '../../../../contract/openai/chat-completions.ts';
import type { AnswerPart } from './answer-part.ts';
import { ChatChoice } from './chat-choice.ts';
import { namesOfCustom } from './custom-tools.ts';
import { completionUsage } from './completion-usage.ts';

/** Part of one of a request's answers. */
export interface ChoicePart {
  index: number;
  value: AnswerPart;
}

/** All choices of a request, put together from their parts. */
export class WholeAnswer {
  readonly #choices: ChatChoice[];

  constructor({ n, logprobs, tools }: Pick<ChatCompletionRequest, 'n' | 'logprobs' | 'tools'>) {
    const options = { logprobs: logprobs === true, custom: namesOfCustom(tools) };
    this.#choices = Array.from({ length: n ?? 1 }, () => new ChatChoice(options));
  }

  take({ index, value }: ChoicePart): void {
    this.#choices[index]?.take(value);
  }

  view(head: Omit<ChatCompletion, 'object' | 'choices' | 'usage'>): ChatCompletion {
    return {
      ...head,
      object: 'chat.completion',
      choices: this.#choices.map((choice, index) => choice.view(index)),
      usage: completionUsage(this.#choices.flatMap(({ finish }) => (finish ? [finish] : []))),
    };
  }
}
