import { cleanText } from '../../../contract/common.ts';
import { MEMORY_FILE_FORMAT, type ImportedMemory, type MemoryFile } from '../../../contract/memory.ts';
import type { Actor } from '../../accounts/actor.ts';
import type { CharacterRecord } from '../../character/character-store.ts';
import { insertDates } from '../../memory/dates/date-store.ts';
import { insertPages } from '../../memory/diary/diary-store.ts';
import { insertFacts } from '../../memory/facts/fact-store.ts';
import { foldWords } from '../../memory/facts/fold-words.ts';
import { languageOf } from '../../memory/facts/language-of.ts';
import { insertRules } from '../../memory/facts/rule-store.ts';
import type { Pair } from '../../memory/pair-view.ts';
import { requirePair, type MemoriesContext } from './memories-context.ts';

type Fact = MemoryFile['facts'][number];
type Page = MemoryFile['diary'][number];
type Day = MemoryFile['dates'][number];

/** What of a file is not here yet. */
interface News {
  facts: Fact[];
  diary: Page[];
  dates: Day[];
  rules: MemoryFile['rules'];
  known: number;
}

/** Memory out as a file and in again, to go along with a character. */
export class MemoryFiles {
  readonly #context: MemoriesContext;

  constructor(context: MemoriesContext) {
    this.#context = context;
  }

  async export(actor: Actor, characterId: string): Promise<MemoryFile> {
    const { pair, character } = await requirePair(this.#context, actor, characterId);
    return this.#file(pair, character);
  }

  /** The file of a character that may be deleted. */
  of({ userId: ownerId }: Actor, character: CharacterRecord): Promise<MemoryFile> {
    return this.#file({ ownerId, characterId: character.id }, character);
  }

  /** What counts now; what is off its path, corrected or forgotten stays behind. */
  async #file(pair: Pair, { slug, version }: CharacterRecord): Promise<MemoryFile> {
    const { memories, facts, diary, dates, clock } = this.#context;
    const view = await memories.view(pair);
    const known = await facts.countingFacts(pair, view);
    const pages = await diary.list({ pair, view });
    const days = await dates.list({ pair, view });
    const rules = await facts.listRules({ pair });
    return {
      format: MEMORY_FILE_FORMAT,
      version: 1,
      character: { name: version.card.data.name, slug },
      exportedAt: clock.now(),
      facts: known.map(({ about, subject, text, quote, saidAt, validFrom, validTo, certainty, state }) => ({
        about,
        subject,
        text,
        quote,
        saidAt,
        validFrom,
        validTo,
        certainty,
        pinned: state === 'pinned',
      })),
      diary: pages.filter(({ counts }) => counts).map(({ text, at, by }) => ({ text, at, by })),
      dates: days
        .filter(({ counts }) => counts)
        .map(({ text, dueAt, precision, recurs, state }) => ({ text, dueAt, precision, recurs, state })),
      rules: rules.filter(({ kind }) => kind === 'words').map(({ label }) => ({ words: label })),
    };
  }

  /** Adds what is not here yet, all or nothing; `dry` only says what would come. Imported facts count on every path. */
  async import(
    actor: Actor,
    characterId: string,
    { file, dry }: { file: MemoryFile; dry: boolean },
  ): Promise<ImportedMemory> {
    const { storage, events, facts } = this.#context;
    const { pair } = await requirePair(this.#context, actor, characterId);
    const news = await this.#news(pair, tidy(file, this.#context.clock.now()));
    const counts = {
      facts: news.facts.length,
      diary: news.diary.length,
      dates: news.dates.length,
      rules: news.rules.length,
      known: news.known,
    };
    if (dry) return counts;
    await storage.transaction(async (trx) => {
      await insertFacts(trx, this.#factRows(pair, news.facts));
      await insertPages(trx, this.#pageRows(pair, news.diary));
      await insertDates(trx, this.#dateRows(pair, news.dates));
      await insertRules(trx, this.#ruleRows(pair, news.rules));
      await events.append(trx, {
        type: 'memory-import',
        actorId: actor.userId,
        subjectId: characterId,
        payload: counts,
      });
    });
    facts.invalidate(pair);
    return counts;
  }

  async #news(pair: Pair, file: MemoryFile): Promise<News> {
    const { memories, facts, diary, dates } = this.#context;
    const view = await memories.view(pair);
    const there = new Set([
      ...(await facts.allFacts(pair, view)).map(({ fact }) => factKey(fact)),
      ...(await diary.list({ pair, view })).map(pageKey),
      ...(await dates.list({ pair, view })).map(dateKey),
      ...(await facts.listRules({ pair })).flatMap(({ kind, value }) => (kind === 'words' ? [`rule ${value}`] : [])),
    ]);
    let known = 0;
    const isNew = (key: string): boolean => {
      if (there.has(key)) known += 1;
      const isNew = !there.has(key);
      there.add(key);
      return isNew;
    };
    const news = {
      facts: file.facts.filter((fact) => isNew(factKey(fact))),
      diary: file.diary.filter((page) => isNew(pageKey(page))),
      dates: file.dates.filter((date) => isNew(dateKey(date))),
      rules: file.rules.filter(({ words }) => foldWords(words) !== '' && isNew(`rule ${foldWords(words)}`)),
    };
    return { ...news, known };
  }

  #factRows(pair: Pair, facts: readonly Fact[]): Parameters<typeof insertFacts>[1] {
    const now = this.#context.clock.now();
    return facts.map(({ pinned, ...fact }) => ({
      ...fact,
      ...pair,
      id: this.#context.newId(),
      conversationId: null,
      language: languageOf(fact.text),
      state: pinned ? 'pinned' : 'active',
      everywhere: true,
      by: fact.quote === '' ? 'user' : 'model',
      extractor: null,
      replacesId: null,
      audience: JSON.stringify('everyone'),
      sources: [],
      createdAt: now,
      updatedAt: now,
    }));
  }

  #pageRows(pair: Pair, pages: readonly Page[]): Parameters<typeof insertPages>[1] {
    const now = this.#context.clock.now();
    return pages.map((page) => ({
      ...page,
      ...pair,
      id: this.#context.newId(),
      conversationId: null,
      sources: [],
      coveredHash: '',
      createdAt: now,
      updatedAt: now,
    }));
  }

  #dateRows(pair: Pair, days: readonly Day[]): Parameters<typeof insertDates>[1] {
    const now = this.#context.clock.now();
    return days.map((day) => ({
      ...day,
      ...pair,
      id: this.#context.newId(),
      conversationId: null,
      factId: null,
      createdAt: now,
      updatedAt: now,
    }));
  }

  #ruleRows({ ownerId, characterId }: Pair, rules: MemoryFile['rules']): Parameters<typeof insertRules>[1] {
    return rules.map(({ words }) => ({
      id: this.#context.newId(),
      ownerId,
      characterId,
      kind: 'words',
      value: foldWords(words),
      label: words,
      createdAt: this.#context.clock.now(),
    }));
  }
}

/** Without what no store can keep, what says nothing, and times that cannot be: nothing was said in the future. */
function tidy(file: MemoryFile, now: number): MemoryFile {
  const isSaid = ({ text }: { text: string }): boolean => text.trim() !== '';
  return {
    ...file,
    facts: file.facts
      .map((fact) => ({
        ...fact,
        subject: cleanText(fact.subject),
        text: cleanText(fact.text),
        quote: cleanText(fact.quote),
        saidAt: Math.min(fact.saidAt, now),
      }))
      .filter(isSaid),
    diary: file.diary
      .map((page) => ({ ...page, text: cleanText(page.text), at: Math.min(page.at, now) }))
      .filter(isSaid),
    dates: file.dates.map((date) => ({ ...date, text: cleanText(date.text) })).filter(isSaid),
    rules: file.rules.map(({ words }) => ({ words: cleanText(words) })),
  };
}

function factKey({ about, subject, text }: Pick<Fact, 'about' | 'subject' | 'text'>): string {
  return `fact ${about} ${foldWords(subject)} ${foldWords(text)}`;
}

function pageKey({ at, text }: Pick<Page, 'at' | 'text'>): string {
  return `page ${at} ${foldWords(text)}`;
}

function dateKey({ dueAt, recurs, text }: Pick<Day, 'dueAt' | 'recurs' | 'text'>): string {
  return `date ${dueAt} ${recurs} ${foldWords(text)}`;
}
