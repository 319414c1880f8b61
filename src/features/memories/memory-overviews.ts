import type { MemoryOverview, MemoryPortrait, MemoryTimeline, MemoryTimelineItem } from '../../../contract/memory.ts';
import { factAboutSchema } from '../../../contract/memory.ts';
import type { Actor } from '../../accounts/actor.ts';
import { InvalidInputError } from '../../base/errors.ts';
import { listDistilledIds } from '../../memory/facts/distilled-store.ts';
import type { FactRecord } from '../../memory/facts/fact-record.ts';
import { readMemorySettings } from '../../memory/memory-settings-store.ts';
import type { LivingView } from '../../memory/pair-memory.ts';
import type { Pair } from '../../memory/pair-view.ts';
import { requirePair, type MemoriesContext } from './memories-context.ts';
import { presentFacts } from './present-facts.ts';

/** Facts of one kind on the page that is read as a whole; the list has all. */
const PORTRAIT_LENGTH = 200;

/** A place on the timeline; facts are only looked up where they are shown. */
type TimelineEntry = { at: number; key: string } & ({ fact: FactRecord } | { item: MemoryTimelineItem });

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
      this.#toDistil(pair, view),
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

  /** Messages that nobody has read for facts, though somebody will. */
  async #toDistil(pair: Pair, view: LivingView): Promise<number> {
    const { storage, facts } = this.#context;
    const [read, rules] = await Promise.all([
      listDistilledIds(storage.db, { characterId: pair.characterId, conversationIds: view.conversationIds }),
      facts.rules(pair),
    ]);
    return said(view).filter((id) => !read.has(id) && !rules.forbids(id, view.index.get(id)?.text ?? '')).length;
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
    const all = (await this.#entries(pair, view)).toSorted(
      (left, right) => right.at - left.at || (left.key < right.key ? 1 : -1),
    );
    const after = cursor === undefined ? undefined : parseCursor(cursor);
    const rest = after ? all.filter(({ at, key }) => at < after.at || (at === after.at && key < after.key)) : all;
    const page = rest.slice(0, limit);
    const last = page.at(-1);
    return {
      items: await this.#present(page, view),
      nextCursor: last && rest.length > limit ? `${last.at} ${last.key}` : null,
    };
  }

  async #entries(pair: Pair, view: LivingView): Promise<TimelineEntry[]> {
    const { facts, summaries, diary, dates } = this.#context;
    const [known, told, pages, days] = await Promise.all([
      facts.countingFacts(pair, view),
      summaries.list({ pair, view }),
      diary.list({ pair, view }),
      dates.list({ pair, view }),
    ]);
    return [
      ...known.map((fact) => ({ at: fact.saidAt, key: `fact:${fact.id}`, fact })),
      ...told
        .filter(({ stale }) => !stale)
        .map(({ summary }) => ({
          at: summary.to,
          key: `summary:${summary.id}`,
          item: { kind: 'summary' as const, at: summary.to, summary },
        })),
      ...pages
        .filter(({ counts }) => counts)
        .map((entry) => ({
          at: entry.at,
          key: `diary:${entry.id}`,
          item: { kind: 'diary' as const, at: entry.at, entry },
        })),
      ...days
        .filter(({ counts }) => counts)
        .map((date) => ({
          at: date.dueAt,
          key: `date:${date.id}`,
          item: { kind: 'date' as const, at: date.dueAt, date },
        })),
    ];
  }

  async #present(page: readonly TimelineEntry[], view: LivingView): Promise<MemoryTimelineItem[]> {
    const seen = page.flatMap((entry) => ('fact' in entry ? [{ fact: entry.fact, counts: true }] : []));
    const shown = await presentFacts(this.#context.storage.db, { view, seen });
    const facts = new Map(shown.map((fact) => [fact.id, fact]));
    return page.flatMap((entry): MemoryTimelineItem[] => {
      if (!('fact' in entry)) return [entry.item];
      const fact = facts.get(entry.fact.id);
      return fact ? [{ kind: 'fact', at: entry.at, fact }] : [];
    });
  }

  /** What a character knows about the person, to be read. */
  async portrait(actor: Actor, characterId: string): Promise<MemoryPortrait> {
    const { storage, memories, facts, summaries, dates } = this.#context;
    const { pair } = await requirePair(this.#context, actor, characterId);
    const view = await memories.view(pair);
    const known = await facts.countingFacts(pair, view);
    const groups = factAboutSchema.options.map((about) => ({
      about,
      facts: known
        .filter((fact) => fact.about === about)
        .toSorted(
          (left, right) =>
            Number(right.state === 'pinned') - Number(left.state === 'pinned') || right.saidAt - left.saidAt,
        )
        .slice(0, PORTRAIT_LENGTH),
    }));
    const seen = groups.flatMap((group) => group.facts.map((fact) => ({ fact, counts: true })));
    const shown = await presentFacts(storage.db, { view, seen });
    const days = await dates.list({ pair, view });
    return {
      groups: groups
        .map(({ about }) => ({ about, facts: shown.filter((fact) => fact.about === about) }))
        .filter((group) => group.facts.length > 0),
      relationship: await summaries.relationship({ pair, view }),
      dates: days.filter(({ counts, state }) => counts && (state === 'open' || state === 'due')),
    };
  }
}

/** Every message that counts. */
function said(view: LivingView): string[] {
  return view.conversationIds.flatMap((id) => view.path(id));
}

function parseCursor(cursor: string): { at: number; key: string } {
  const match = /^(\d{1,16}) ([\w:.-]{1,140})$/.exec(cursor);
  if (!match?.[1] || !match[2]) throw new InvalidInputError('This cursor is not one of ours.', { field: 'cursor' });
  return { at: Number(match[1]), key: match[2] };
}
