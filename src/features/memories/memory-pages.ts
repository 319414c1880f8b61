import type {
  ChangeMemoryDate,
  DiaryEntry,
  DiaryEntryList,
  MemoryDate,
  NewDiaryEntry,
  NewMemoryDate,
} from '../../../contract/memory.ts';
import type { Actor } from '../../accounts/actor.ts';
import { InvalidInputError, NotFoundError } from '../../base/errors.ts';
import type { EventType } from '../../events/event-store.ts';
import type { Pair } from '../../memory/pair-view.ts';
import type { Trx } from '../../storage/storage.ts';
import type { Forgetting } from './forgetting.ts';
import { requirePair, type MemoriesContext } from './memories-context.ts';

type PageEvent = Extract<EventType, 'memory-add' | 'memory-change'>;

/** A character's diary, and the promises and dates it keeps, as its person reads and changes them. */
export class MemoryPages {
  readonly #context: MemoriesContext;
  readonly #forgetting: Forgetting;

  constructor(context: MemoriesContext, forgetting: Forgetting) {
    this.#context = context;
    this.#forgetting = forgetting;
  }

  /** Newest first, those that do not count now too. */
  async diary(
    actor: Actor,
    characterId: string,
    { cursor, limit }: { cursor?: string | undefined; limit: number },
  ): Promise<DiaryEntryList> {
    const { pair } = await requirePair(this.#context, actor, characterId);
    const entries = await this.#entries(pair);
    const begin = cursor === undefined ? 0 : entries.findIndex(({ id }) => id === cursor) + 1;
    if (cursor !== undefined && begin === 0) {
      throw new InvalidInputError('This cursor leads nowhere any more: begin again without it.', { field: 'cursor' });
    }
    const page = entries.slice(begin, begin + limit);
    return {
      entries: page,
      nextCursor: begin + limit < entries.length ? (page.at(-1)?.id ?? null) : null,
    };
  }

  async addEntry(actor: Actor, characterId: string, entry: NewDiaryEntry): Promise<DiaryEntry> {
    const { pair } = await requirePair(this.#context, actor, characterId);
    return this.#context.diary.add(pair, entry, this.#tell(pair, 'memory-add', { page: 'diary' }));
  }

  async changeEntry(actor: Actor, id: string, { text }: { text: string }): Promise<DiaryEntry> {
    const { diary } = this.#context;
    const own = { ownerId: actor.userId, id };
    const page = await diary.read(own);
    await diary.change({ ...own, text, join: this.#tell(page, 'memory-change', { pageId: id }) });
    const entry = (await this.#entries(page)).find((one) => one.id === id);
    if (!entry) throw new NotFoundError('There is no such page of the diary.', { code: 'page-missing' });
    return entry;
  }

  async removeEntry(actor: Actor, id: string): Promise<void> {
    const { diary } = this.#context;
    const own = { ownerId: actor.userId, id };
    const pair = await diary.read(own);
    await this.#forgetting.item(actor, {
      pair,
      payload: { pageId: id },
      work: (join) => diary.remove({ ...own, join }),
    });
  }

  /** The next due first, those that do not count now too. */
  async dates(actor: Actor, characterId: string): Promise<{ dates: MemoryDate[] }> {
    const { pair } = await requirePair(this.#context, actor, characterId);
    return { dates: await this.#dates(pair) };
  }

  async addDate(actor: Actor, characterId: string, date: NewMemoryDate): Promise<MemoryDate> {
    const { pair } = await requirePair(this.#context, actor, characterId);
    return this.#context.dates.add(pair, date, this.#tell(pair, 'memory-add', { page: 'date' }));
  }

  async changeDate(actor: Actor, id: string, change: ChangeMemoryDate): Promise<MemoryDate> {
    const { dates } = this.#context;
    const own = { ownerId: actor.userId, id };
    const record = await dates.read(own);
    await dates.change({ ...own, change, join: this.#tell(record, 'memory-change', { dateId: id }) });
    const date = (await this.#dates(record)).find((one) => one.id === id);
    if (!date) throw new NotFoundError('There is no such date.', { code: 'date-missing' });
    return date;
  }

  async removeDate(actor: Actor, id: string): Promise<void> {
    const { dates } = this.#context;
    const own = { ownerId: actor.userId, id };
    const pair = await dates.read(own);
    await this.#forgetting.item(actor, {
      pair,
      payload: { dateId: id },
      work: (join) => dates.remove({ ...own, join }),
    });
  }

  async #entries({ ownerId, characterId }: Pair): Promise<DiaryEntry[]> {
    const pair = { ownerId, characterId };
    return this.#context.diary.list({ pair, view: await this.#context.memories.view(pair) });
  }

  async #dates({ ownerId, characterId }: Pair): Promise<MemoryDate[]> {
    const pair = { ownerId, characterId };
    return this.#context.dates.list({ pair, view: await this.#context.memories.view(pair) });
  }

  #tell(pair: Pair, type: PageEvent, payload: Record<string, string>): (trx: Trx) => Promise<void> {
    return (trx) =>
      this.#context.events.append(trx, { type, actorId: pair.ownerId, subjectId: pair.characterId, payload });
  }
}
