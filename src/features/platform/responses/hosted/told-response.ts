import type { ResponseEvent } from '../../../../../contract/openai/response-events.ts';
import type { ResponseObject } from '../../../../../contract/openai/response-object.ts';

/** An event as a provider tells it; only what is read here has a type. */
export interface ProviderEvent {
  type: string;
  response?: Record<string, unknown>;
  output_index?: number;
  content_index?: number;
  item?: Record<string, unknown>;
  part?: Record<string, unknown>;
  delta?: unknown;
  [field: string]: unknown;
}

type Item = Record<string, unknown> & { content?: Record<string, unknown>[] };

/** Ends of a response, by the events that tell of them. */
const ENDS: ReadonlySet<string> = new Set(['response.completed', 'response.incomplete', 'response.failed']);

/**
 * A response that a provider makes, as this house tells and keeps it: its events pass as they come, under the id, the
 * model's public name and the place in the talk that it has here.
 */
export class ToldResponse {
  readonly response: ResponseObject;
  /** An end was told. */
  ended = false;
  #sequence = 0;

  constructor(blank: ResponseObject) {
    this.response = blank;
  }

  get begun(): boolean {
    return this.#sequence > 0;
  }

  take(event: ProviderEvent): ResponseEvent {
    const { response } = event;
    if (response) Object.assign(this.response, this.#own(response));
    else this.#grow(event);
    if (ENDS.has(event.type)) this.ended = true;
    return this.#number({ ...event, ...(response ? { response: structuredClone(this.response) } : {}) });
  }

  /** Something went wrong; what was said stays. */
  fail(message: string, code: string): ResponseEvent {
    this.ended = true;
    this.#breakOff('failed');
    this.response.error = { code, message };
    return this.#number({ type: 'response.failed', response: structuredClone(this.response) });
  }

  /** Whoever asked wants no more of it. OpenAI has no event for that. */
  cancel(): void {
    if (this.ended) return;
    this.ended = true;
    this.#breakOff('cancelled');
  }

  #breakOff(status: 'failed' | 'cancelled'): void {
    const output = this.response.output.map((item) =>
      'status' in item && item.status === 'in_progress' ? { ...item, status: 'incomplete' as const } : item,
    );
    Object.assign(this.response, { status, output });
  }

  /** What a provider says of a response, and what only this house knows of it. */
  #own(said: Record<string, unknown>): Record<string, unknown> {
    const { id, created_at, model, background, store, previous_response_id, conversation, metadata } = this.response;
    const own = { id, created_at, model, background, store, previous_response_id, conversation, metadata };
    // Before its end a provider does not repeat what was said already.
    const output = Array.isArray(said['output']) && said['output'].length > 0 ? {} : { output: this.response.output };
    return { ...said, ...output, ...own };
  }

  #grow({ type, output_index: index = 0, content_index: at = 0, item, part, delta }: ProviderEvent): void {
    const output = this.response.output as unknown as Item[];
    // What was told stays as it was told.
    if (item) output[index] = structuredClone(item);
    const content = output[index]?.content;
    if (!content) return;
    if (type === 'response.content_part.added' && part) content[at] = { ...part };
    const grown = content[at];
    if (type !== 'response.output_text.delta' || !grown || typeof delta !== 'string') return;
    const { text: before } = grown as { text?: unknown };
    grown['text'] = typeof before === 'string' ? before + delta : delta;
  }

  #number(event: ProviderEvent): ResponseEvent {
    return { ...event, sequence_number: this.#sequence++ } as unknown as ResponseEvent;
  }
}
