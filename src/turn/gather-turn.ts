import { z } from 'zod';
import { loreSettingsSchema } from '../../contract/lore.ts';
import { authorsNoteSchema, promptRoleSchema, type AuthorsNote } from '../../contract/prompts.ts';
import type { Clock } from '../base/clock.ts';
import type { Card } from '../character/card.ts';
import { LorebookCache } from '../character/lorebook-cache.ts';
import { readBooksInUse } from '../character/lorebook-store.ts';
import { textOf, type MessageNode } from '../conversation/tree-types.ts';
import { readCharacterBook } from '../lore/formats/read-lorebook.ts';
import { emptyLoreState, loreStateSchema } from '../lore/lore-state.ts';
import type { LoreBookInUse, LoreInput } from '../lore/lore-types.ts';
import { PatternCache } from '../lore/keys/pattern-cache.ts';
import { neededMessages } from '../lore/needed-messages.ts';
import type { MacroContext } from '../lore/macros/macro-context.ts';
import { renderMacros } from '../lore/macros/render-macros.ts';
import { runLore } from '../lore/run-lore.ts';
import type { ModelFacts } from '../models/spec/model-handle.ts';
import { readSetting } from '../storage/setting-store.ts';
import type { Db } from '../storage/storage.ts';
import { promptRoom } from './assemble-prompt.ts';
import { gatherRoom, type GatheredRoom } from './gather-room.ts';
import { readUserLoreSettings } from './lore-settings-store.ts';
import { readNewestHeard } from './newest-heard.ts';
import { gatherWorld } from './gather-world.ts';
import { placeLore } from './place-lore.ts';
import { readPresetBody } from './presets/preset-store.ts';
import type { DepthPrompt, PromptMaterial } from './prompt-material.ts';
import { readRoomTurnStart } from './room-state-store.ts';
import { hears } from './room-view.ts';
import { seededRandom } from './seeded-random.ts';
import type { TokenCounts } from './token-counts.ts';
import type { TurnRequest } from './turn-request.ts';
import type { PathCounts, TurnState } from './turn-state.ts';
import { readTurnStart } from './turn-state-store.ts';

/** Newest messages that lore and macros may look at, whatever the settings say. */
const MOST_MESSAGES = 1000;
/** Newest messages that macros name (`{{lastMessage}}` and its kin). */
const MACRO_MESSAGES = 6;
/** Where a user's global variables lie among the settings. */
export const GLOBAL_VARIABLES_KEY = 'macro-variables';

const variablesSchema = z.record(z.string(), z.string());
const depthPromptSchema = z.object({
  prompt: z.string(),
  depth: z.number().default(4),
  role: promptRoleSchema.catch('system').default('system'),
});

export interface GatheredTurn {
  material: PromptMaterial;
  /** What this turn leaves for the next. Asked after the prompt was assembled, for its macros set variables too. */
  leave(): TurnLegacy;
}

/** A turn with the room it is held in; the card may be everybody's in one. */
type GatheringTurn = TurnRequest & { gathered: GatheredRoom | null };

export interface TurnLegacy {
  state: TurnState;
  /** The user's global variables, when macros changed them. */
  changedGlobals: Record<string, string> | null;
}

/** Reads what a turn needs besides the history: preset, persona, note, books and what they do this time. */
export class TurnGatherer {
  readonly #db: Db;
  readonly #clock: Clock;
  readonly #counts: TokenCounts;
  readonly #books = new LorebookCache();
  readonly #patterns = new PatternCache();

  constructor({ db, clock, counts }: { db: Db; clock: Clock; counts: TokenCounts }) {
    this.#db = db;
    this.#clock = clock;
    this.#counts = counts;
  }

  /** `contextIsFull`: the beginning of the talk does not fit any more, which some lore asks for. */
  async gather(
    model: ModelFacts,
    asked: TurnRequest,
    { contextIsFull }: { contextIsFull: boolean },
  ): Promise<GatheredTurn> {
    const { conversation, locale, persona, signal } = asked;
    const { ownerId } = conversation;
    const room = await gatherRoom(this.#db, asked, depthPromptOf);
    const request: GatheringTurn = { ...asked, ...(room ? { card: room.card } : {}), gathered: room };
    const [preset, start, books, userSettings, globalsText] = await Promise.all([
      readPresetBody(this.#db, { id: conversation.promptPresetId, ownerId }),
      this.#readStart(request),
      this.#readBooks(request),
      readUserLoreSettings(this.#db, ownerId),
      readSetting(this.#db, { scope: ownerId, key: GLOBAL_VARIABLES_KEY }),
    ]);
    const settings = loreSettingsSchema.parse({ ...userSettings, ...preset.body.lore });
    const newest = await this.#readNewest(request, neededMessages(books, settings));
    const variables = variablesOf(start.before, globalsText);
    const globalsBefore = JSON.stringify([...variables.global]);
    const context = this.#macroContext(request, { newest, counts: start.counts, variables, books });
    const { contextLength } = promptRoom(model, preset.body);
    const countTokens = this.#counter(model, signal);
    const lore = await runLore({
      ...this.#loreInput(request, { newest, counts: start.counts, render: (text) => renderMacros(text, context) }),
      books,
      settings,
      contextIsFull,
      contextLength,
      countTokens,
      state: start.before === null ? emptyLoreState() : loreStateSchema.parse(start.before.lore),
    });
    context.outlets = outletsOf(lore.placements);
    const material: PromptMaterial = {
      card: request.card,
      locale,
      names: context.names,
      preset,
      persona,
      note: withCommission(activeNote(conversation.authorsNote, start.counts), asked.commission),
      depthPrompt: depthPromptOf(request.character.version.card),
      spoken: request.spoken ?? null,
      room: room && { ...room.material, heard: start.counts.all },
      world: await gatherWorld(this.#db, { request, newest, contextLength, countTokens }),
      lore: placeLore(lore, books),
      files: null,
      render: rememberingRender(context),
    };
    return {
      material,
      leave: () => toLegacy({ lore: lore.state, variables, start, isRoom: room !== null, globalsBefore }),
    };
  }

  #counter(model: ModelFacts, signal: AbortSignal): (texts: readonly string[]) => Promise<number[]> {
    return async (texts) => {
      const keyed = texts.map((text) => ({ key: text, text }));
      return (await this.#counts.count(model, keyed, signal)).counts;
    };
  }

  /** Messages that are about to join the path count already. */
  async #readStart({
    conversation: { id: conversationId },
    endId,
    pending = [],
    gathered,
  }: GatheringTurn): ReturnType<typeof readTurnStart> {
    const view = gathered?.material.view ?? null;
    const { before, counts } = await (view === null
      ? readTurnStart(this.#db, { conversationId, endId })
      : readRoomTurnStart(this.#db, { conversationId, endId, view }));
    const joining = pending.filter((node) => view === null || hears(view, node));
    const by = (kind: MessageNode['author']['kind']) => joining.filter(({ author }) => author.kind === kind).length;
    return {
      before,
      counts: {
        ...counts,
        all: counts.all + joining.length,
        human: counts.human + by('human'),
        character: counts.character + by('character'),
      },
    };
  }

  async #readBooks({ conversation, character, persona }: TurnRequest): Promise<LoreBookInUse[]> {
    const linked = await readBooksInUse(
      this.#db,
      {
        ownerId: conversation.ownerId,
        conversationId: conversation.id,
        characterId: character.id,
        personaId: persona?.id ?? null,
        worldId: conversation.worldId,
      },
      this.#books,
    );
    const own = this.#cardBook(character.version);
    if (!own) return linked;
    const place = linked.findIndex(({ source }) => source === 'character' || source === 'global');
    return linked.toSpliced(place === -1 ? linked.length : place, 0, own);
  }

  /** The card's own book, parsed once per version. */
  #cardBook({ id, card }: { id: string; card: Card }): LoreBookInUse | undefined {
    const raw = card.data['character_book'];
    if (typeof raw !== 'object' || raw === null) return undefined;
    let body = this.#books.get(id, 1);
    if (!body) {
      body = readCharacterBook(raw);
      this.#books.put(id, { revision: 1, body, size: JSON.stringify(raw).length });
    }
    return { id: 'character', name: body.name || card.data.name, body, source: 'character' };
  }

  /** The newest messages that the character may know of, oldest first. */
  #readNewest({ conversation, endId, pending, gathered }: GatheringTurn, needed: number): Promise<MessageNode[]> {
    return readNewestHeard(this.#db, {
      conversationId: conversation.id,
      endId,
      pending,
      limit: Math.min(MOST_MESSAGES, Math.max(MACRO_MESSAGES, needed)),
      view: gathered?.material.view ?? null,
    });
  }

  #loreInput(
    request: TurnRequest,
    {
      newest,
      counts,
      render,
    }: { newest: readonly MessageNode[]; counts: PathCounts; render: (text: string) => string },
  ): Omit<LoreInput, 'books' | 'settings' | 'contextLength' | 'countTokens' | 'state'> {
    const { card, persona, character, trigger, seed } = request;
    const spoken = newest.filter((node) => node.author.kind === 'character').length;
    return {
      messages: newest.map((node) => ({
        name: node.author.name,
        text: textOf(node.parts),
        role: node.author.kind === 'human' ? 'user' : node.author.kind === 'character' ? 'assistant' : 'system',
      })),
      earlierMessages: Math.max(0, counts.all - newest.length),
      earlierAssistantMessages: Math.max(0, counts.character - spoken),
      greetingIndex: counts.greeting,
      fields: {
        personaDescription: persona?.description ?? '',
        characterDescription: card.description,
        characterPersonality: card.personality,
        characterDepthPrompt: depthPromptOf(character.version.card)?.text ?? '',
        scenario: card.scenario,
        creatorNotes: card.creatorNotes,
      },
      character: { name: card.name, tags: card.tags },
      userIcon: persona?.name ?? null,
      trigger,
      renderMacros: render,
      random: seededRandom(`lore ${seed}`),
      patterns: this.#patterns,
    };
  }

  #macroContext(
    { conversation, card, character, locale, userName, persona, seed, gathered }: GatheringTurn,
    {
      newest,
      counts,
      variables,
      books,
    }: {
      newest: readonly MessageNode[];
      counts: PathCounts;
      variables: MacroContext['variables'];
      books: readonly LoreBookInUse[];
    },
  ): MacroContext {
    const last = newest.at(-1);
    const lastHuman = newest.findLast(({ author }) => author.kind === 'human');
    const lastCharacter = newest.findLast(({ author }) => author.kind === 'character');
    const { data } = character.version.card;
    return {
      // SillyTavern's macros contain those of the specification; books that follow the specification expect its own.
      mode: books.some(({ body }) => body.mode === 'spec') ? 'spec' : 'st',
      names: { char: card.called, user: userName, ...gathered?.material.names },
      card: {
        description: card.description,
        personality: card.personality,
        scenario: card.scenario,
        exampleDialogue: card.exampleDialogue,
        systemPrompt: card.systemPrompt,
        postHistoryInstructions: card.postHistoryInstructions,
        creatorNotes: card.creatorNotes,
        version: data.character_version,
        firstMessage: card.greetings[0] ?? '',
        depthPrompt: depthPromptOf(character.version.card)?.text ?? '',
      },
      persona: persona?.description ?? '',
      chat: {
        lastMessage: last && textOf(last.parts),
        lastUserMessage: lastHuman && textOf(lastHuman.parts),
        lastCharMessage: lastCharacter && textOf(lastCharacter.parts),
        lastMessageAt: last?.createdAt,
        lastUserMessageAt: newest.slice(0, -1).findLast(({ author }) => author.kind === 'human')?.createdAt,
        messageCount: counts.all,
        lastMessageId: counts.all > 0 ? counts.all - 1 : undefined,
      },
      now: this.#clock.now(),
      locale,
      seed: conversation.id,
      random: seededRandom(`macros ${seed}`),
      variables,
    };
  }
}

/** In a room what a turn sets is the speaker's own, also global variables: others may not have heard why it was set. */
function toLegacy({
  lore,
  variables,
  start: { before, counts },
  isRoom,
  globalsBefore,
}: {
  lore: TurnState['lore'];
  variables: MacroContext['variables'];
  start: { before: TurnState | null; counts: PathCounts };
  isRoom: boolean;
  /** Global variables before macros had their way with them, as JSON. */
  globalsBefore: string;
}): TurnLegacy {
  const isChanged = globalsBefore !== JSON.stringify([...variables.global]);
  const globals = Object.fromEntries(variables.global);
  return {
    state: {
      lore,
      variables: Object.fromEntries(variables.local),
      counts: { ...counts, all: counts.all + 1, character: counts.character + 1 },
      ...(isRoom && (isChanged || before?.globals) ? { globals } : {}),
    },
    changedGlobals: isChanged && !isRoom ? globals : null,
  };
}

/** A text is rendered once per turn, however often its tokens are counted: macros may roll dice and set variables. */
function rememberingRender(context: MacroContext): PromptMaterial['render'] {
  const rendered = new Map<string, string>();
  return (text, more = {}) => {
    if (!text.includes('{{') && !text.includes('<')) return text;
    const key = [text, more.original ?? '', more.persona ?? '', ...(more.extra?.values() ?? [])].join('\u0000');
    const known = rendered.get(key);
    if (known !== undefined) return known;
    const result = renderMacros(text, { ...context, ...more });
    rendered.set(key, result);
    return result;
  };
}

/** What the turn before left, over the person's own global variables. */
function variablesOf(before: TurnState | null, globalsText: string | undefined): MacroContext['variables'] {
  return {
    local: new Map(Object.entries(before?.variables ?? {})),
    global: new Map(Object.entries({ ...parseVariables(globalsText), ...before?.globals })),
  };
}

function parseVariables(text: string | undefined): Record<string, string> {
  const parsed = variablesSchema.safeParse(text === undefined ? {} : JSON.parse(text));
  return parsed.success ? parsed.data : {};
}

/** The note, when there is one and its interval lets it in this turn. */
function activeNote(text: string | null, { human }: PathCounts): AuthorsNote | null {
  if (text === null) return null;
  const note = authorsNoteSchema.parse(JSON.parse(text));
  if (note.text.trim() === '' || note.interval === 0) return null;
  return human % note.interval === 0 ? note : null;
}

/** What was ordered stays the same from reply to reply, so it stands with the character. */
function withCommission(note: AuthorsNote | null, commission: TurnRequest['commission']): AuthorsNote | null {
  const added = commission?.note.trim() ?? '';
  if (added === '') return note;
  return note ? { ...note, text: `${note.text}\n\n${added}` } : authorsNoteSchema.parse({ text: added, depth: null });
}

function depthPromptOf(card: Card): DepthPrompt | null {
  const parsed = depthPromptSchema.safeParse(card.data.extensions['depth_prompt']);
  if (!parsed.success || parsed.data.prompt.trim() === '') return null;
  const { prompt, depth, role } = parsed.data;
  return { text: prompt, depth: Math.max(0, Math.trunc(depth)), role };
}

function outletsOf(placements: Awaited<ReturnType<typeof runLore>>['placements']): Map<string, string> {
  const outlets = new Map<string, string>();
  for (const { slot, outlet, text } of placements) {
    if (slot !== 'outlet' || outlet === null) continue;
    const before = outlets.get(outlet);
    outlets.set(outlet, before === undefined ? text : `${before}\n${text}`);
  }
  return outlets;
}
