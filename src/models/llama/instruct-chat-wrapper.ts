import {
  ChatWrapper,
  LlamaText,
  SpecialToken,
  SpecialTokensText,
  type ChatHistoryItem,
  type ChatWrapperGenerateContextStateOptions,
  type ChatWrapperGeneratedContextState,
} from 'node-llama-cpp';
import type { InstructMarks } from '../../../contract/prompts.ts';

interface Marks {
  before: string;
  after: string;
}

/**
 * Speaks to a text-completion model with the marks of an instruct template, as SillyTavern does (its instruct mode),
 * instead of the model's own chat template. Marks may be special tokens of the model; what people say never is.
 */
export class InstructChatWrapper extends ChatWrapper {
  override readonly wrapperName = 'Instruct template';
  readonly #template: InstructMarks;
  readonly #beginsWithToken: boolean;

  constructor(template: InstructMarks, { beginsWithToken }: { beginsWithToken: boolean }) {
    super();
    this.#template = template;
    this.#beginsWithToken = beginsWithToken;
  }

  override generateContextState({
    chatHistory,
  }: ChatWrapperGenerateContextStateOptions): ChatWrapperGeneratedContextState {
    const values: (LlamaText | SpecialToken | SpecialTokensText | string)[] = [];
    if (this.#beginsWithToken) values.push(new SpecialToken('BOS'));
    for (const [index, item] of chatHistory.entries()) {
      const isLast = index === chatHistory.length - 1;
      const { before, after } = this.#marks(chatHistory, index);
      values.push(new SpecialTokensText(before), textOf(item));
      // The last reply is the one to be written, or to be gone on with.
      if (!(isLast && item.type === 'model')) values.push(new SpecialTokensText(after));
    }
    return { contextText: LlamaText(values), stopGenerationTriggers: this.#stops() };
  }

  /** What stands around the turn of that place. */
  #marks(history: readonly ChatHistoryItem[], index: number): Marks {
    const template = this.#template;
    const type = history[index]?.type ?? 'user';
    const isFirst = history.findIndex((item) => item.type === type) === index;
    const gap = template.wrap ? '\n' : '';
    const framed = (before: string, after: string): Marks => ({
      before: before === '' ? '' : before + gap,
      after: after === '' ? gap : after,
    });
    if (type === 'model') {
      const isLast = index === history.length - 1;
      const first = isFirst ? template.first_output_sequence : '';
      const last = isLast ? template.last_output_sequence : '';
      return framed(last || first || template.output_sequence, template.output_suffix);
    }
    if (type === 'system' && index === 0) {
      return framed(
        template.story_string_prefix || template.system_sequence,
        template.story_string_suffix || template.system_suffix,
      );
    }
    if (type === 'system' && !template.system_same_as_user) {
      return framed(template.system_sequence, template.system_suffix);
    }
    const first = isFirst ? template.first_input_sequence : '';
    const last = isLastInput(history, index) ? template.last_input_sequence : '';
    return framed(last || first || template.input_sequence, template.input_suffix);
  }

  /** What ends a reply: the template's own mark, and any mark of somebody else's turn. */
  #stops(): LlamaText[] {
    const { stop_sequence: stop, output_suffix: end, input_sequence: input, system_sequence: system } = this.#template;
    const marks = [stop, end, input, system].map((mark) => mark.trim()).filter((mark) => mark !== '');
    return [
      LlamaText(new SpecialToken('EOS')),
      ...[...new Set(marks)].flatMap((mark) => [LlamaText(new SpecialTokensText(mark)), LlamaText(mark)]),
    ];
  }
}

function isLastInput(history: readonly ChatHistoryItem[], index: number): boolean {
  return history.findLastIndex(({ type }) => type === 'user') === index;
}

function textOf(item: ChatHistoryItem): LlamaText | string {
  if (item.type === 'model') return item.response.map((part) => (typeof part === 'string' ? part : '')).join('');
  return item.type === 'system' ? LlamaText.fromJSON(item.text) : item.text;
}
