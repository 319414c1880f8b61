import type { CompactionItem, StoredItem } from '../../../../contract/openai/response-items.ts';
import type { ResponseUsage } from '../../../../contract/openai/response-object.ts';
import type { Actor } from '../../../accounts/actor.ts';
import { InvalidInputError, UnavailableError } from '../../../base/errors.ts';
import type { NewId } from '../../../base/ids.ts';
import type { AnswerSource } from '../generations.ts';
import { idOf } from './input-items.ts';
import { responseUsage } from './response-usage.ts';
import type { SealedTexts } from './sealed-texts.ts';

/** Tokens of a summary, and of what is thought before it. */
const SUMMARY_TOKENS = 2000;
/** Of one item that is summed up, characters; what is longer is shortened in its middle. */
const LONGEST_ITEM = 20_000;

const TASK = `You compact a conversation. Write what somebody needs who goes on with it and has seen nothing of it: what the user wants and how, names, numbers, dates, facts, decisions, results of tools, promises, and what is still open. Keep exact wordings where they matter. Write in the language of the conversation, as short notes, and nothing else: do not answer the conversation.`;

interface CompactorOptions {
  generations: AnswerSource;
  sealed: SealedTexts;
  newId: NewId;
}

export interface Compacted {
  item: CompactionItem;
  usage: ResponseUsage;
}

export interface CompactionOrder {
  actor: Actor;
  model: string;
  items: readonly StoredItem[];
  requestId: string;
  signal: AbortSignal;
}

/** Puts what was said into few words, as an item that stands for it. */
export class Compactor {
  readonly #options: CompactorOptions;

  constructor(options: CompactorOptions) {
    this.#options = options;
  }

  async compact({ actor, model, items, requestId, signal }: CompactionOrder): Promise<Compacted> {
    const { generations, sealed, newId } = this.#options;
    const talk = items.map((item) => lineOf(this.opened(item, actor.userId))).filter((line) => line !== '');
    const { parts } = await generations.start({
      actor,
      model,
      requestId,
      signal,
      call: {
        prompt: [
          { role: 'system', content: TASK },
          { role: 'user', content: [{ type: 'text', text: `The conversation:\n\n${talk.join('\n\n')}` }] },
        ],
        maxOutputTokens: SUMMARY_TOKENS,
        temperature: 0,
      },
    });
    let text = '';
    for await (const part of parts) {
      if (part.type === 'text-delta') text += part.delta;
      if (part.type !== 'finish') continue;
      const summary = text.trim();
      if (summary === '') break;
      const item: CompactionItem = {
        id: idOf('compaction', newId),
        type: 'compaction',
        encrypted_content: sealed.seal(summary, { kind: 'summary', ownerId: actor.userId }),
        created_by: actor.userId,
      };
      return { item, usage: responseUsage(part) };
    }
    throw new UnavailableError('The model said nothing where it was to sum up: try again, or another model.', {
      code: 'compaction-empty',
    });
  }

  /** What is sealed in an item, opened. Throws `InvalidInputError` for a summary that opens for somebody else. */
  opened(item: StoredItem, ownerId: string): StoredItem {
    const { encrypted_content: content } = item;
    if (typeof content !== 'string') return item;
    const kind = item.type === 'compaction' ? 'summary' : 'thought';
    const text = this.#options.sealed.open(content, { kind, ownerId });
    if (item.type === 'reasoning') {
      return text === null || hasWords(item) ? item : { ...item, content: [{ type: 'reasoning_text', text }] };
    }
    if (item.type !== 'compaction') return item;
    if (text !== null) return { ...item, summary: text };
    throw new InvalidInputError(
      'This compaction was not made here for you: send the items that it stands for, or leave it out.',
      { code: 'compaction-unreadable', field: 'input' },
    );
  }
}

/** The newest compaction stands for everything before it. */
export function sinceCompaction(items: readonly StoredItem[]): StoredItem[] {
  return items.slice(
    Math.max(
      0,
      items.findLastIndex(({ type }) => type === 'compaction'),
    ),
  );
}

function hasWords({ content }: StoredItem): boolean {
  return Array.isArray(content) && content.length > 0;
}

function lineOf(item: StoredItem): string {
  switch (item.type) {
    case 'message':
      return `${String(item['role'])}: ${shortened(textOf(item['content']))}`;
    case 'function_call':
      return `assistant calls ${String(item['name'])}: ${shortened(String(item['arguments']))}`;
    case 'custom_tool_call':
      return `assistant calls ${String(item['name'])}: ${shortened(String(item['input']))}`;
    case 'function_call_output':
    case 'custom_tool_call_output':
      return `tool: ${shortened(textOf(item['output']))}`;
    case 'compaction':
      return `before: ${String(item['summary'])}`;
    default:
      return '';
  }
}

function textOf(content: unknown): string {
  if (!Array.isArray(content)) return String(content);
  return content
    .map(({ text, refusal, type }: { text?: string; refusal?: string; type: string }) => text ?? refusal ?? `[${type}]`)
    .join(' ');
}

function shortened(text: string): string {
  if (text.length <= LONGEST_ITEM) return text;
  const half = LONGEST_ITEM / 2;
  return `${text.slice(0, half)} […] ${text.slice(-half)}`;
}
