import type { ResponseEventBody } from '../../../../contract/openai/response-events.ts';
import type {
  OutputLogprob,
  OutputMessageItem,
  OutputText,
  RefusalPart,
  ReasoningItem,
  ReasoningText,
} from '../../../../contract/openai/response-items.ts';
import type { NewId } from '../../../base/ids.ts';
import { idOf } from './input-items.ts';
import type { OutputList } from './output-list.ts';
import { ThoughtSummary, type SummaryWish } from './thought-summary.ts';

type Telling = ResponseEventBody[];
export type WordsKind = 'text' | 'refusal' | 'thought';

type Words =
  | { kind: 'text'; item: OutputMessageItem; part: OutputText }
  | { kind: 'refusal'; item: OutputMessageItem; part: RefusalPart }
  | { kind: 'thought'; item: ReasoningItem; part: ReasoningText; summary: ThoughtSummary | null };

interface ToldWordsOptions {
  newId: NewId;
  /** Null = thoughts are not summed up. */
  summary: SummaryWish | null;
  /** Seals what was thought; null = it is not told sealed. */
  seal: ((text: string) => string) | null;
}

/** What is said and thought in a response, as items that grow. A message may hold words and a refusal. */
export class ToldWords {
  readonly #output: OutputList;
  readonly #options: ToldWordsOptions;
  /** What is being said or thought. */
  #words: Words | null = null;

  constructor(output: OutputList, options: ToldWordsOptions) {
    this.#output = output;
    this.#options = options;
  }

  say(kind: WordsKind, delta: string, logprobs: OutputLogprob[] = []): Telling {
    const opened = this.#words?.kind === kind ? [] : this.#begin(kind);
    const words = this.#words;
    if (!words) throw new Error('Words were begun a moment ago.');
    const place = this.#placeOf(words);
    const told = this.#output.delta(delta);
    switch (words.kind) {
      case 'text':
        words.part.text += delta;
        words.part.logprobs.push(...logprobs);
        return [...opened, { type: 'response.output_text.delta', ...place, ...told, logprobs }];
      case 'refusal':
        words.part.refusal += delta;
        return [...opened, { type: 'response.refusal.delta', ...place, ...told }];
      case 'thought':
        words.part.text += delta;
        return [
          ...opened,
          { type: 'response.reasoning_text.delta', ...place, ...told },
          ...(words.summary?.take(delta) ?? []),
        ];
      default:
        return words satisfies never;
    }
  }

  /** A thought ends where its model says so; words go on until something else comes. */
  endThought(): Telling {
    return this.#words?.kind === 'thought' ? this.end('completed') : [];
  }

  /** `phase`: of a message; words before calls comment on them. */
  end(status: 'completed' | 'incomplete', phase: OutputMessageItem['phase'] = 'final_answer'): Telling {
    const words = this.#words;
    if (!words) return [];
    const told = this.#endPart(words, status);
    this.#words = null;
    words.item.status = status;
    if (words.item.type === 'message') words.item.phase = phase;
    return [...told, this.#output.done(words.item)];
  }

  #begin(kind: WordsKind): Telling {
    const before = this.#words;
    // A refusal stands in the message that had begun.
    if (before && before.kind !== 'thought' && kind !== 'thought') {
      const ended = this.#endPart(before, 'completed');
      this.#words = this.#wordsOf(kind, before.item);
      return [...ended, ...this.#openPart(this.#words)];
    }
    const ended = this.end('completed', 'commentary');
    const words = this.#wordsOf(kind, null);
    this.#words = words;
    return [...ended, this.#output.add(words.item), ...this.#openPart(words)];
  }

  #wordsOf(kind: WordsKind, message: OutputMessageItem | null): Words {
    const { newId, summary: wish } = this.#options;
    const status = 'in_progress' as const;
    if (kind === 'thought') {
      const item: ReasoningItem = { id: idOf('reasoning', newId), type: 'reasoning', status, summary: [], content: [] };
      const summary = wish === null ? null : new ThoughtSummary(this.#output, { item, wish });
      return { kind, item, part: { type: 'reasoning_text', text: '' }, summary };
    }
    const item = message ?? { id: idOf('message', newId), type: 'message', role: 'assistant', status, content: [] };
    return kind === 'text'
      ? { kind, item, part: { type: 'output_text', text: '', annotations: [], logprobs: [] } }
      : { kind, item, part: { type: 'refusal', refusal: '' } };
  }

  /** The part joins once its item was told without it. */
  #openPart(words: Words): Telling {
    (words.item.content as unknown[]).push(words.part);
    return [{ type: 'response.content_part.added', ...this.#placeOf(words), part: structuredClone(words.part) }];
  }

  #endPart(words: Words, status: 'completed' | 'incomplete'): Telling {
    const place = this.#placeOf(words);
    const done: ResponseEventBody = {
      type: 'response.content_part.done',
      ...place,
      part: structuredClone(words.part),
    };
    switch (words.kind) {
      case 'text': {
        const { text, logprobs } = words.part;
        return [{ type: 'response.output_text.done', ...place, text, logprobs: structuredClone(logprobs) }, done];
      }
      case 'refusal':
        return [{ type: 'response.refusal.done', ...place, refusal: words.part.refusal }, done];
      case 'thought': {
        const { text } = words.part;
        const { seal } = this.#options;
        if (seal !== null) words.item.encrypted_content = seal(text);
        const summed = words.summary?.end(status) ?? [];
        return [{ type: 'response.reasoning_text.done', ...place, text }, done, ...summed];
      }
      default:
        return words satisfies never;
    }
  }

  #placeOf({ item, part }: Words) {
    const index = (item.content as unknown[]).indexOf(part);
    return { ...this.#output.placeOf(item), content_index: Math.max(0, index) };
  }
}
