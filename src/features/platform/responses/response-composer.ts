import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import type { ResponseEvent, ResponseEventBody } from '../../../../contract/openai/response-events.ts';
import type {
  FunctionCallItem,
  OutputItem,
  OutputMessageItem,
  OutputText,
  ReasoningItem,
  ReasoningText,
} from '../../../../contract/openai/response-items.ts';
import type { ResponseObject, ResponseStatus } from '../../../../contract/openai/response-object.ts';
import type { Clock } from '../../../base/clock.ts';
import type { AppError } from '../../../base/errors.ts';
import type { NewId } from '../../../base/ids.ts';
import type { FinishPart } from '../generations.ts';
import { idOf } from './input-items.ts';
import { responseUsage } from './response-usage.ts';

type Words = { item: OutputMessageItem; part: OutputText } | { item: ReasoningItem; part: ReasoningText };
type Telling = ResponseEventBody[];

const ENDS = { completed: 'response.completed', incomplete: 'response.incomplete', failed: 'response.failed' } as const;

/**
 * A response as it grows: takes the parts of a model's answer, keeps `response` up to date, and tells the events of it
 * in order. *queued* → *in_progress* → *completed*, *incomplete* (a limit was reached), *failed* or *cancelled*.
 */
export class ResponseComposer {
  readonly response: ResponseObject;
  readonly #clock: Clock;
  readonly #newId: NewId;
  #sequence = 0;
  /** What is being said or thought; a call or the other kind ends it. */
  #words: Words | null = null;
  readonly #calls = new Map<string, FunctionCallItem>();

  constructor({ response, clock, newId }: { response: ResponseObject; clock: Clock; newId: NewId }) {
    this.response = response;
    this.#clock = clock;
    this.#newId = newId;
  }

  /** True once it has ended. */
  get ended(): boolean {
    return this.response.status !== 'in_progress' && this.response.status !== 'queued';
  }

  /** True once its first event was told. */
  get begun(): boolean {
    return this.#sequence > 0;
  }

  begin(): ResponseEvent[] {
    const created: ResponseEventBody = { type: 'response.created', response: this.#snapshot() };
    const queued: Telling =
      this.response.status === 'queued' ? [{ type: 'response.queued', response: this.#snapshot() }] : [];
    this.response.status = 'in_progress';
    return this.#number([created, ...queued, { type: 'response.in_progress', response: this.#snapshot() }]);
  }

  take(part: LanguageModelV4StreamPart): ResponseEvent[] {
    return this.#number(this.#told(part));
  }

  /** Ends it because something went wrong; what was said stays. */
  fail({ message }: AppError, code: 'server_error' | 'rate_limit_exceeded'): ResponseEvent[] {
    this.response.error = { code, message };
    return this.#number(this.#end('failed'));
  }

  /** Whoever asked wants no more of it; what was said stays. Nothing is told of one that has ended. */
  cancel(): ResponseEvent[] {
    return this.#number(this.#end('cancelled'));
  }

  #told(part: LanguageModelV4StreamPart): Telling {
    switch (part.type) {
      case 'text-delta':
        return part.delta === '' ? [] : this.#say('message', part.delta);
      case 'reasoning-delta':
        return part.delta === '' ? [] : this.#say('reasoning', part.delta);
      case 'text-end':
      case 'reasoning-end':
        return this.#endWords('completed');
      case 'tool-input-start':
        return this.#beginCall(part.id, part.toolName);
      case 'tool-input-delta':
        return this.#growCall(part.id, part.delta);
      case 'tool-call':
        return this.#endCall(part);
      case 'finish':
        return this.#finish(part);
      default:
        return [];
    }
  }

  #say(kind: 'message' | 'reasoning', delta: string): Telling {
    const opened = this.#words?.item.type === kind ? [] : this.#beginWords(kind);
    const words = this.#words;
    if (!words) throw new Error('Words were begun a moment ago.');
    words.part.text += delta;
    const place = this.#partOf(words.item);
    const grown: ResponseEventBody =
      words.item.type === 'message'
        ? { type: 'response.output_text.delta', ...place, delta, logprobs: [] }
        : { type: 'response.reasoning_text.delta', ...place, delta };
    return [...opened, grown];
  }

  #beginWords(kind: 'message' | 'reasoning'): Telling {
    const ended = this.#endWords('completed');
    const id = idOf(kind, this.#newId);
    const status = 'in_progress';
    const words: Words =
      kind === 'message'
        ? {
            item: { id, type: 'message', role: 'assistant', status, content: [] },
            part: { type: 'output_text', text: '', annotations: [], logprobs: [] },
          }
        : {
            item: { id, type: 'reasoning', status, summary: [], content: [] },
            part: { type: 'reasoning_text', text: '' },
          };
    this.#words = words;
    const added = this.#addItem(words.item);
    // Its first part joins once the item was told without it.
    (words.item.content as unknown[]).push(words.part);
    const part = { ...words.part };
    return [...ended, added, { type: 'response.content_part.added', ...this.#partOf(words.item), part }];
  }

  #endWords(status: 'completed' | 'incomplete'): Telling {
    const words = this.#words;
    if (!words) return [];
    this.#words = null;
    words.item.status = status;
    const place = this.#partOf(words.item);
    const { text } = words.part;
    return [
      words.item.type === 'message'
        ? { type: 'response.output_text.done', ...place, text, logprobs: [] }
        : { type: 'response.reasoning_text.done', ...place, text },
      { type: 'response.content_part.done', ...place, part: { ...words.part } },
      this.#itemDone(words.item),
    ];
  }

  #beginCall(id: string, name: string): Telling {
    const ended = this.#endWords('completed');
    const item: FunctionCallItem = {
      id: idOf('function_call', this.#newId),
      type: 'function_call',
      call_id: id,
      name,
      arguments: '',
      status: 'in_progress',
    };
    this.#calls.set(id, item);
    return [...ended, this.#addItem(item)];
  }

  #growCall(id: string, delta: string): Telling {
    const item = this.#calls.get(id);
    if (!item || delta === '') return [];
    item.arguments += delta;
    return [
      { type: 'response.function_call_arguments.delta', item_id: item.id, output_index: this.#indexOf(item), delta },
    ];
  }

  #endCall({ toolCallId, toolName, input }: { toolCallId: string; toolName: string; input: string }): Telling {
    const begun = this.#calls.has(toolCallId) ? [] : this.#beginCall(toolCallId, toolName);
    const item = this.#calls.get(toolCallId);
    if (!item) return begun;
    const grown = item.arguments === '' ? this.#growCall(toolCallId, input) : [];
    item.arguments = input;
    item.status = 'completed';
    const place = { item_id: item.id, output_index: this.#indexOf(item) };
    return [
      ...begun,
      ...grown,
      { type: 'response.function_call_arguments.done', ...place, name: item.name, arguments: input },
      this.#itemDone(item),
    ];
  }

  #finish(finish: FinishPart): Telling {
    this.response.usage = responseUsage(finish);
    const { unified } = finish.finishReason;
    if (unified === 'length') this.response.incomplete_details = { reason: 'max_output_tokens' };
    if (unified === 'content-filter') this.response.incomplete_details = { reason: 'content_filter' };
    return this.#end(this.response.incomplete_details === null ? 'completed' : 'incomplete');
  }

  #end(status: Exclude<ResponseStatus, 'queued' | 'in_progress'>): Telling {
    if (this.ended) return [];
    const isWhole = status === 'completed';
    const told = this.#endWords(isWhole ? 'completed' : 'incomplete');
    for (const item of this.#calls.values()) {
      if (item.status !== 'in_progress') continue;
      item.status = 'incomplete';
      told.push(this.#itemDone(item));
    }
    this.response.status = status;
    if (isWhole) this.response.completed_at = Math.floor(this.#clock.now() / 1000);
    // OpenAI has no event for it: streams that are cancelled just end.
    if (status === 'cancelled') return told;
    return [...told, { type: ENDS[status], response: this.#snapshot() }];
  }

  #addItem(item: OutputItem): ResponseEventBody {
    this.response.output.push(item);
    return { type: 'response.output_item.added', output_index: this.#indexOf(item), item: structuredClone(item) };
  }

  #itemDone(item: OutputItem): ResponseEventBody {
    return { type: 'response.output_item.done', output_index: this.#indexOf(item), item: structuredClone(item) };
  }

  #partOf(item: OutputItem) {
    return { item_id: item.id, output_index: this.#indexOf(item), content_index: 0 };
  }

  #indexOf(item: OutputItem): number {
    return this.response.output.indexOf(item);
  }

  #snapshot(): ResponseObject {
    return structuredClone(this.response);
  }

  #number(events: readonly ResponseEventBody[]): ResponseEvent[] {
    return events.map((event) => ({ ...event, sequence_number: this.#sequence++ }));
  }
}
