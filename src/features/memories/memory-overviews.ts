import type { MemoryOverview, MemoryPortrait, MemoryTimeline, MemoryTimelineItem } from '../../../contract/memory.ts';
import { factAboutSchema } from '../../../contract/memory.ts';
import type { Actor } from '../../accounts/actor.ts';
import { InvalidInputError } from '../../base/errors.ts';
import { listDistilledIds } from '../../memory/facts/distilled-store.ts';
import { readMemorySettings } from '../../memory/memory-settings-store.ts';
import type { LivingView } from '../../memory/pair-memory.ts';
import type { Pair } from '../../memory/pair-view.ts';
import { requirePair, type MemoriesContext } from './memories-context.ts';
import { presentFacts } from './present-facts.ts';

/** A character's memory of a person as a whole: how much there is, in the order of time, and as one page to read. */
export class MemoryOverviews {
  readonly #context: MemoriesContext;

  constructor(context: MemoriesContext) {
    this.#context = context;
  }

  async overview(actor: Actor, characterId: string, signal: AbortSignal): Promise<MemoryOverview> {
    const { storage, memories, facts, summaries, diary, dates, embedProgress } = this.#context;
    const { pair } = await requirePair(this.#context, actor, characterId);
    const view = await memories.view(pair);
    const [settings, known, rules, toDistil, { embedding, toEmbed }] = await Promise.all([
      readMemorySettings(storage.db, pair),
      facts.countingFacts(pair, view),
      facts.listRules({ pair }),
      this.#toDistil(view),
      embedProgress.of(pair, signal),
    ]);
    const [told, pages, days] = await Promise.all([
      summaries.list({ pair, view }),
      diary.list({ pair, view }),
      dates.list({ pair, view }),
    ]);
    return {
      settings,
      counts: {
        messages: said(view).length,
        facts: known.length,
        pinned: known.filter(({ state }) => state === 'pinned').length,
        summaries: told.filter(({ stale }) => !stale).length,
        diary: pages.filter(({ counts }) => counts).length,
        dates: days.filter(({ counts, state }) => counts && (state === 'open' || state === 'due')).length,
        rules: rules.length,
      },
      work: { toDistil: settings.distil && !settings.paused ? toDistil : 0, toEmbed },
      embedding,
    };
  }

  async #toDistil(view: LivingView): Promise<number> {
    const read = await listDistilledIds(this.#context.storage.db, view.conversationIds);
    return said(view).filter((id) => !read.has(id)).length;
  }

  /** Everything that counts, newest first. */
  async timeline(
    actor: Actor,
    characterId: string,
    { cursor, limit }: { cursor?: string | undefined; limit: number },
  ): Promise<MemoryTimeline> {
    const { memories } = this.#context;
    const { pair } = await requirePair(this.#context, actor, characterId);
    const view = await memories.view(pair);
    const all = (await this.#items(pair, view)).toSorted(
      (left, right) => right.at - left.at || (keyOf(left) < keyOf(right) ? 1 : -1),
    );
    const after = cursor === undefined ? undefined : parseCursor(cursor);
    const rest = after
      ? all.filter((item) => item.at < after.at || (item.at === after.at && keyOf(item) < after.key))
      : all;
    const items = rest.slice(0, limit);
    const last = items.at(-1);
    return { items, nextCursor: last && rest.length > limit ? `${last.at} ${keyOf(last)}` : null };
  }

  async #items(pair: Pair, view: LivingView): Promise<MemoryTimelineItem[]> {
    const { storage, facts, summaries, diary, dates } = this.#context;
    const [known, told, pages, days] = await Promise.all([
      facts.countingFacts(pair, view),
      summaries.list({ pair, view }),
      diary.list({ pair, view }),
      dates.list({ pair, view }),
    ]);
    const shown = await presentFacts(storage.db, { view, seen: known.map((fact) => ({ fact, counts: true })) });
    return [
      ...shown.map((fact) => ({ kind: 'fact' as const, at: fact.saidAt, fact })),
      ...told
        .filter(({ stale }) => !stale)
        .map(({ summary }) => ({ kind: 'summary' as const, at: summary.to, summary })),
      ...pages.filter(({ counts }) => counts).map((entry) => ({ kind: 'diary' as const, at: entry.at, entry })),
      ...days.filter(({ counts }) => counts).map((date) => ({ kind: 'date' as const, at: date.dueAt, date })),
    ];
  }

  /** What a character knows about the person, to be read. */
  async portrait(actor: Actor, characterId: string): Promise<MemoryPortrait> {
    const { storage, memories, facts, summaries, dates } = this.#context;
    const { pair } = await requirePair(this.#context, actor, characterId);
    const view = await memories.view(pair);
    const known = await facts.countingFacts(pair, view);
    const shown = await presentFacts(storage.db, { view, seen: known.map((fact) => ({ fact, counts: true })) });
    const groups = factAboutSchema.options.map((about) => ({
      about,
      facts: shown
        .filter((fact) => fact.about === about)
        .toSorted((left, right) => Number(right.state === 'pinned') - Number(left.state === 'pinned')),
    }));
    const days = await dates.list({ pair, view });
    return {
      groups: groups.filter((group) => group.facts.length > 0),
      relationship: await summaries.relationship({ pair, view }),
      dates: days.filter(({ counts, state }) => counts && (state === 'open' || state === 'due')),
    };
  }
}

/** Every message that counts. */
function said(view: LivingView): string[] {
  return view.conversationIds.flatMap((id) => view.path(id));
}

function keyOf(item: MemoryTimelineItem): string {
  if (item.kind === 'fact') return `fact:${item.fact.id}`;
  if (item.kind === 'summary') return `summary:${item.summary.id}`;
  return item.kind === 'diary' ? `diary:${item.entry.id}` : `date:${item.date.id}`;
}

function parseCursor(cursor: string): { at: number; key: string } {
  const match = /^(\d{1,16}) ([\w:.-]{1,140})$/.exec(cursor);
  if (!match?.[1] || !match[2]) throw new InvalidInputError('This cursor is not one of ours.', { field: 'cursor' });
  return { at: Number(match[1]), key: match[2] };
}
