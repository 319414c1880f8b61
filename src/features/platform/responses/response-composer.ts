import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import type { Moderated } from '../../../../contract/openai/moderated.ts';
import type { ResponseEvent, ResponseEventBody } from '../../../../contract/openai/response-events.ts';
import type { ResponseObject, ResponseStatus } from '../../../../contract/openai/response-object.ts';
import type { Clock } from '../../../base/clock.ts';
import type { AppError } from '../../../base/errors.ts';
import type { NewId } from '../../../base/ids.ts';
import { logprobsOf } from '../chat/logprobs-of.ts';
import type { FinishPart } from '../generations.ts';
import type { Compacted } from './compactor.ts';
import { OutputList } from './output-list.ts';
import { responseUsage, usageOfBoth } from './response-usage.ts';
import type { SummaryWish } from './thought-summary.ts';
import { ToldCalls } from './told-calls.ts';
import { ToldWords } from './told-words.ts';

type Telling = ResponseEventBody[];

const ENDS = { completed: 'response.completed', incomplete: 'response.incomplete', failed: 'response.failed' } as const;

/** What else its caller wants to be told. */
export interface TellingWishes {
  summary: SummaryWish | null;
  /** Deltas hide how long their words are. */
  noisy: boolean;
  logprobs: boolean;
  /** Names of tools that take a text. */
  custom: ReadonlySet<string>;
  /** Seals thoughts; null = they are not told sealed. */
  seal: ((text: string) => string) | null;
}

/**
 * A response as it grows: takes the parts of a model's answer, keeps `response` up to date, and tells the events of it
 * in order. *queued* → *in_progress* → *completed*, *incomplete* (a limit was reached), *failed* or *cancelled*.
 */
export class ResponseComposer {
  readonly response: ResponseObject;
  readonly #clock: Clock;
  readonly #logprobs: boolean;
  readonly #output: OutputList;
  readonly #words: ToldWords;
  readonly #calls: ToldCalls;
  #sequence = 0;

  constructor({
    response,
    clock,
    newId,
    wishes,
  }: {
    response: ResponseObject;
    clock: Clock;
    newId: NewId;
    wishes: TellingWishes;
  }) {
    const { summary, noisy, logprobs, custom, seal } = wishes;
    this.response = response;
    this.#clock = clock;
    this.#logprobs = logprobs;
    this.#output = new OutputList(response, { noisy });
    this.#words = new ToldWords(this.#output, { newId, summary, seal });
    this.#calls = new ToldCalls(this.#output, { newId, custom });
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

  /** What was said before is told in short from here on. */
  compacted({ item, usage }: Compacted): ResponseEvent[] {
    this.response.usage = usage;
    return this.#number([this.#output.add(item), this.#output.done(item)]);
  }

  /** The house says no in the place of the model, and why. */
  refuse(why: string): ResponseEvent[] {
    return this.#number(this.#words.say('refusal', why));
  }

  moderated(found: { input: Moderated; output: Moderated }): void {
    this.response.moderation = found;
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
        if (part.delta === '') return [];
        if (part.providerMetadata?.['everwith']?.['refusal'] === true) return this.#words.say('refusal', part.delta);
        return this.#words.say('text', part.delta, this.#logprobs ? logprobsOf(part) : []);
      case 'reasoning-delta':
        return part.delta === '' ? [] : this.#words.say('thought', part.delta);
      case 'reasoning-end':
        return this.#words.endThought();
      case 'tool-input-start':
        return this.#beginCall(part.id, part.toolName);
      case 'tool-input-delta':
        return this.#calls.grow(part.id, part.delta);
      case 'tool-call': {
        const { toolCallId: id, toolName, input } = part;
        const begun = this.#calls.has(id) ? [] : this.#beginCall(id, toolName);
        return [...begun, ...this.#calls.end(id, input)];
      }
      case 'finish':
        return this.#finish(part);
      default:
        return [];
    }
  }

  #beginCall(id: string, name: string): Telling {
    return [...this.#words.end('completed', 'commentary'), this.#calls.begin(id, name)];
  }

  #finish(finish: FinishPart): Telling {
    const before = this.response.usage;
    const usage = responseUsage(finish);
    this.response.usage = before ? usageOfBoth(before, usage) : usage;
    const { unified } = finish.finishReason;
    if (unified === 'length') this.response.incomplete_details = { reason: 'max_output_tokens' };
    // A refusal is an answer; a filter cuts one off.
    if (unified === 'content-filter' && !this.#hasRefused()) {
      this.response.incomplete_details = { reason: 'content_filter' };
    }
    return this.#end(this.response.incomplete_details === null ? 'completed' : 'incomplete');
  }

  #hasRefused(): boolean {
    return this.response.output.some(
      (item) => item.type === 'message' && item.content.some(({ type }) => type === 'refusal'),
    );
  }

  #end(status: Exclude<ResponseStatus, 'queued' | 'in_progress'>): Telling {
    if (this.ended) return [];
    const isWhole = status === 'completed';
    const told = [...this.#words.end(isWhole ? 'completed' : 'incomplete'), ...this.#calls.cutOff()];
    this.response.status = status;
    this.response.output_text = wordsOf(this.response);
    if (isWhole) this.response.completed_at = Math.floor(this.#clock.now() / 1000);
    // OpenAI has no event for it: streams that are cancelled just end.
    if (status === 'cancelled') return told;
    return [...told, { type: ENDS[status], response: this.#snapshot() }];
  }

  #snapshot(): ResponseObject {
    return structuredClone(this.response);
  }

  #number(events: readonly ResponseEventBody[]): ResponseEvent[] {
    return events.map((event) => ({ ...event, sequence_number: this.#sequence++ }));
  }
}

/** All that was said in the response's messages. */
export function wordsOf({ output }: Pick<ResponseObject, 'output'>): string {
  return output
    .flatMap((item) => (item.type === 'message' ? item.content : []))
    .map((part) => (part.type === 'output_text' ? part.text : ''))
    .join('');
}
