import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import type {
  AnswerBlock,
  AnthropicAnswer,
  MessageStreamEvent,
  MessageUsage,
  StopReason,
} from '../../../../contract/anthropic/messages.ts';
import { parseJson } from '../chat/parse-json.ts';
import type { FinishPart } from '../generations.ts';

interface OpenBlock {
  index: number;
  block: AnswerBlock;
  /** Of a call of a tool: its input as far as it came. */
  json: string;
  callId: string | null;
}

/** An answer in Anthropic's shape as it grows. Blocks follow one another: one ends before the next begins. */
export class MessageComposer {
  readonly answer: AnthropicAnswer;
  readonly #showsThoughts: boolean;
  #open: OpenBlock | null = null;
  #calls = 0;

  constructor({
    id,
    model,
    inputTokens,
    showsThoughts,
  }: {
    id: string;
    model: string;
    inputTokens: number;
    showsThoughts: boolean;
  }) {
    this.#showsThoughts = showsThoughts;
    this.answer = {
      id,
      type: 'message',
      role: 'assistant',
      model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: {
        input_tokens: inputTokens,
        cache_creation_input_tokens: 0,
        cache_read_input_tokens: 0,
        output_tokens: 0,
      },
    };
  }

  begin(): MessageStreamEvent[] {
    return [{ type: 'message_start', message: structuredClone(this.answer) }, { type: 'ping' }];
  }

  take(part: LanguageModelV4StreamPart): MessageStreamEvent[] {
    switch (part.type) {
      case 'text-delta':
        return part.delta === '' ? [] : this.#say(part.delta);
      case 'reasoning-delta':
        return part.delta === '' || !this.#showsThoughts ? [] : this.#think(part.delta);
      case 'tool-input-start':
        return this.#beginCall(part.id, part.toolName);
      case 'tool-input-delta':
        return this.#open?.callId === part.id ? this.#growCall(this.#open, part.delta) : [];
      case 'tool-call':
        return this.#endCall(part.toolCallId, part.toolName, part.input);
      case 'finish':
        return this.#finish(part);
      default:
        return [];
    }
  }

  #say(text: string): MessageStreamEvent[] {
    const opened = this.#turnTo('text', { type: 'text', text: '', citations: null });
    const open = this.#open;
    if (open?.block.type !== 'text') return opened;
    open.block.text += text;
    return [...opened, { type: 'content_block_delta', index: open.index, delta: { type: 'text_delta', text } }];
  }

  #think(thinking: string): MessageStreamEvent[] {
    const opened = this.#turnTo('thinking', { type: 'thinking', thinking: '', signature: '' });
    const open = this.#open;
    if (open?.block.type !== 'thinking') return opened;
    open.block.thinking += thinking;
    return [...opened, { type: 'content_block_delta', index: open.index, delta: { type: 'thinking_delta', thinking } }];
  }

  #beginCall(id: string, name: string): MessageStreamEvent[] {
    const ended = this.#end();
    this.#calls += 1;
    return [...ended, this.#begin({ type: 'tool_use', id, name, input: {} }, id)];
  }

  #growCall(open: OpenBlock, delta: string): MessageStreamEvent[] {
    if (delta === '') return [];
    open.json += delta;
    return [
      { type: 'content_block_delta', index: open.index, delta: { type: 'input_json_delta', partial_json: delta } },
    ];
  }

  #endCall(id: string, name: string, input: string): MessageStreamEvent[] {
    const known = this.answer.content.find((block) => block.type === 'tool_use' && block.id === id);
    const begun = known ? [] : this.#beginCall(id, name);
    const open = this.#open;
    const grown = open?.callId === id && open.json === '' ? this.#growCall(open, input) : [];
    const block = this.answer.content.find((one) => one.type === 'tool_use' && one.id === id);
    if (block?.type === 'tool_use') block.input = parseJson(input === '' ? '{}' : input, 'input');
    return [...begun, ...grown, ...(open?.callId === id ? this.#end() : [])];
  }

  #finish(finish: FinishPart): MessageStreamEvent[] {
    const { answer } = this;
    answer.stop_reason = stopReasonOf(finish, this.#calls > 0);
    answer.usage = usageOf(finish);
    const stopped = finish.providerMetadata?.['everwith']?.['stopSequence'];
    if (answer.stop_reason === 'end_turn' && typeof stopped === 'string') {
      answer.stop_reason = 'stop_sequence';
      answer.stop_sequence = stopped;
    }
    const { stop_reason, stop_sequence, usage } = answer;
    return [
      ...this.#end(),
      { type: 'message_delta', delta: { stop_reason, stop_sequence }, usage },
      { type: 'message_stop' },
    ];
  }

  #turnTo(type: AnswerBlock['type'], block: AnswerBlock): MessageStreamEvent[] {
    return this.#open?.block.type === type ? [] : [...this.#end(), this.#begin(block, null)];
  }

  #begin(block: AnswerBlock, callId: string | null): MessageStreamEvent {
    const index = this.answer.content.push(block) - 1;
    this.#open = { index, block, json: '', callId };
    return { type: 'content_block_start', index, content_block: structuredClone(block) };
  }

  #end(): MessageStreamEvent[] {
    const open = this.#open;
    this.#open = null;
    return open ? [{ type: 'content_block_stop', index: open.index }] : [];
  }
}

function stopReasonOf({ finishReason: { unified } }: FinishPart, calls: boolean): StopReason {
  switch (unified) {
    case 'length':
      return 'max_tokens';
    case 'content-filter':
      return 'refusal';
    default:
      return calls || unified === 'tool-calls' ? 'tool_use' : 'end_turn';
  }
}

function usageOf({ usage: { inputTokens, outputTokens } }: FinishPart): MessageUsage {
  const read = inputTokens.cacheRead ?? 0;
  const written = inputTokens.cacheWrite ?? 0;
  return {
    input_tokens: Math.max(0, (inputTokens.total ?? 0) - read - written),
    cache_creation_input_tokens: written,
    cache_read_input_tokens: read,
    output_tokens: outputTokens.total ?? 0,
  };
}
