import type { z } from 'zod';
import type { Locale } from '../../../contract/common.ts';
import { loreSettingsSchema, type LorebookBody, type TestedLore, type testLoreSchema } from '../../../contract/lore.ts';
import type { Actor } from '../../accounts/actor.ts';
import { InvalidInputError, NotFoundError } from '../../base/errors.ts';
import type { Clock } from '../../base/clock.ts';
import { readCardFields } from '../../character/card-fields.ts';
import { localizeCard } from '../../character/card.ts';
import { readCharacter } from '../../character/character-store.ts';
import { resolvePersona } from '../../character/persona-store.ts';
import { PatternCache } from '../../lore/keys/pattern-cache.ts';
import { emptyLoreState } from '../../lore/lore-state.ts';
import type { LoreFields } from '../../lore/lore-types.ts';
import { renderMacros } from '../../lore/macros/render-macros.ts';
import { joinTexts } from '../../lore/texts-by-place.ts';
import { seededNumber } from '../../lore/macros/seeded-number.ts';
import { runLore, type LorePlacement } from '../../lore/run-lore.ts';
import type { Storage } from '../../storage/storage.ts';
import { housePrompt } from '../../turn/house-prompt.ts';
import type { Books } from './books.ts';
import { findMatches } from './find-matches.ts';
import type { TokenCounter } from './token-counter.ts';

export interface LoreTesterContext {
  storage: Storage;
  clock: Clock;
  tokens: TokenCounter;
  books: Pick<Books, 'open'>;
  people: { nameOf(userId: string): Promise<string> };
}

type Question = z.output<typeof testLoreSchema>;

/** Who is there while a book is tried. */
interface Stage {
  char: string;
  user: string;
  tags: readonly string[];
  fields: LoreFields;
}

const NO_FIELDS: LoreFields = {
  personaDescription: '',
  characterDescription: '',
  characterPersonality: '',
  characterDepthPrompt: '',
  scenario: '',
  creatorNotes: '',
};

/** The beginning of a conversation that nothing stands before. */
const NOWHERE = {
  earlierMessages: 0,
  earlierAssistantMessages: 0,
  greetingIndex: null,
  userIcon: null,
  trigger: 'normal',
} as const;

/** Says which entries of a book these messages call, and why. */
export class LoreTester {
  readonly #context: LoreTesterContext;
  readonly #patterns = new PatternCache();

  constructor(context: LoreTesterContext) {
    this.#context = context;
  }

  async test(
    actor: Actor,
    question: Question,
    { locale, signal }: { locale: Locale; signal: AbortSignal },
  ): Promise<TestedLore> {
    const { id, body } = await this.#book(actor, question);
    const stage = await this.#stage(actor, question.characterId, locale);
    const counter = await this.#context.tokens.open(signal);
    const messages = question.messages.map(({ name, ...message }) => ({
      ...message,
      name: name || (message.role === 'assistant' ? stage.char : message.role === 'user' ? stage.user : ''),
    }));
    const renderText = this.#macros({ body, stage, locale, seed: question.seed });
    const { fired, cut, budget, used, placements } = await runLore({
      ...NOWHERE,
      books: [{ id, name: body.name, body, source: 'global' }],
      messages,
      settings: loreSettingsSchema.parse(question.settings),
      fields: stage.fields,
      character: { name: stage.char, tags: stage.tags },
      contextLength: question.contextLength ?? counter.contextLength,
      renderMacros: renderText,
      countTokens: (texts) => counter.count(texts),
      random: stream(question.seed, 'lore'),
      state: emptyLoreState(),
      patterns: this.#patterns,
    });
    return {
      fired,
      cut,
      budget,
      used,
      text: joinTexts(placements, placeOf),
      exact: counter.exact,
      matches: findMatches({ fired, messages, renderKey: renderText }),
    };
  }

  #macros({ body, stage, locale, seed }: { body: LorebookBody; stage: Stage; locale: Locale; seed: number }) {
    const random = stream(seed, 'macro');
    const now = this.#context.clock.now();
    return (text: string) =>
      renderMacros(text, {
        mode: body.mode,
        names: { char: stage.char, user: stage.user },
        now,
        locale,
        seed: String(seed),
        random,
        variables: { local: new Map(), global: new Map() },
      });
  }

  /** In the order of the texts. */
  async countTokens(texts: readonly string[], signal: AbortSignal): Promise<{ counts: number[]; exact: boolean }> {
    const counter = await this.#context.tokens.open(signal);
    const counts = await counter.count(texts);
    return { counts, exact: counter.exact };
  }

  async #book(actor: Actor, { body, bookId }: Question): Promise<{ id: string; body: LorebookBody }> {
    if (body) return { id: bookId ?? 'book', body };
    if (bookId === undefined) {
      throw new InvalidInputError('Say which book is to be tried: a body or a bookId.', { field: 'bookId' });
    }
    const book = await this.#context.books.open(actor, bookId);
    return { id: bookId, body: book.body };
  }

  async #stage(actor: Actor, characterId: string | undefined, locale: Locale): Promise<Stage> {
    const { storage, people } = this.#context;
    const { userId } = actor;
    const user = (await people.nameOf(userId)) || housePrompt(locale).defaultUser;
    if (characterId === undefined) return { char: '', user, tags: [], fields: NO_FIELDS };
    const character = await readCharacter(storage.db, { id: characterId, userId });
    if (!character) throw new NotFoundError('There is no such character.', { field: 'characterId' });
    const { card } = character.version;
    const text = localizeCard(card, locale);
    const persona = await resolvePersona(storage.db, { ownerId: userId, conversationPersonaId: null, characterId });
    return {
      char: text.name,
      user: persona?.name ?? user,
      tags: text.tags,
      fields: {
        personaDescription: persona?.description ?? '',
        characterDescription: text.description,
        characterPersonality: text.personality,
        characterDepthPrompt: readCardFields(card, locale).depthPrompt?.text ?? '',
        scenario: text.scenario,
        creatorNotes: text.creatorNotes,
      },
    };
  }
}

/** The same numbers for the same seed. */
function stream(seed: number, name: string): () => number {
  let drawn = 0;
  return () => seededNumber(`${seed} ${name} ${(drawn += 1)}`);
}

/** A place as the page reads it. */
function placeOf({ slot, depth, outlet }: LorePlacement): string {
  const detail = outlet ?? depth;
  return detail === null ? slot : `${slot}:${detail}`;
}
