import type { ResponseEventBody } from '../../../../contract/openai/response-events.ts';
import type { ReasoningItem, SummaryText } from '../../../../contract/openai/response-items.ts';
import type { OutputList } from './output-list.ts';

/** `detailed`: every paragraph of a thought whole; else the sentence with which each begins. */
export type SummaryWish = 'auto' | 'concise' | 'detailed';

/** Characters of a sentence that is told in a short summary. */
const LONGEST_SENTENCE = 400;
const FIRST_SENTENCE = /^[^]*?(?:[.!?…](?=\s|$)|[。！？]|$)/u;

/**
 * Sums up a thought while it is thought: one part for each paragraph, taken from its own words, so that nothing is
 * waited for and nothing stands in it that was not thought.
 */
export class ThoughtSummary {
  readonly #output: OutputList;
  readonly #item: ReasoningItem;
  readonly #wish: SummaryWish;
  #paragraph = '';

  constructor(output: OutputList, { item, wish }: { item: ReasoningItem; wish: SummaryWish }) {
    this.#output = output;
    this.#item = item;
    this.#wish = wish;
  }

  take(delta: string): ResponseEventBody[] {
    this.#paragraph += delta;
    const told: ResponseEventBody[] = [];
    for (let end = this.#paragraph.search(/\n\s*\n/u); end !== -1; end = this.#paragraph.search(/\n\s*\n/u)) {
      told.push(...this.#tell(this.#paragraph.slice(0, end), 'completed'));
      this.#paragraph = this.#paragraph.slice(end).trimStart();
    }
    return told;
  }

  end(status: 'completed' | 'incomplete'): ResponseEventBody[] {
    const rest = this.#paragraph;
    this.#paragraph = '';
    return this.#tell(rest, status);
  }

  #tell(paragraph: string, status: 'completed' | 'incomplete'): ResponseEventBody[] {
    const text = summaryOf(paragraph, this.#wish);
    if (text === '') return [];
    const part: SummaryText = { type: 'summary_text', text };
    const place = { ...this.#output.placeOf(this.#item), summary_index: this.#item.summary.length };
    this.#item.summary.push(part);
    return [
      { type: 'response.reasoning_summary_part.added', ...place, part: { ...part, text: '' } },
      { type: 'response.reasoning_summary_text.delta', ...place, ...this.#output.delta(text) },
      { type: 'response.reasoning_summary_text.done', ...place, text },
      {
        type: 'response.reasoning_summary_part.done',
        ...place,
        part: { ...part },
        ...(status === 'incomplete' ? { status } : {}),
      },
    ];
  }
}

function summaryOf(paragraph: string, wish: SummaryWish): string {
  const whole = paragraph.trim();
  if (wish === 'detailed') return whole;
  const sentence = (FIRST_SENTENCE.exec(whole)?.[0] ?? whole).trim();
  return sentence.length <= LONGEST_SENTENCE ? sentence : `${sentence.slice(0, LONGEST_SENTENCE - 1)}…`;
}
