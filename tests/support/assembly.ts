import type { PresetBody } from '../../contract/prompts.ts';
import { systemClock } from '../../src/base/clock.ts';
import { createIdGenerator } from '../../src/base/ids.ts';
import { localizeCard, withFormFields, type CardText } from '../../src/character/card.ts';
import { insertCharacter } from '../../src/character/character-store.ts';
import { insertConversation } from '../../src/conversation/conversation-store.ts';
import { insertMessage } from '../../src/conversation/message-store.ts';
import type { MessageNode } from '../../src/conversation/tree-types.ts';
import type { MacroContext } from '../../src/lore/macros/macro-context.ts';
import { renderMacros } from '../../src/lore/macros/render-macros.ts';
import { createScriptedModel } from '../../src/models/scripted/scripted-model.ts';
import { assemblePrompt, type AssembledPrompt } from '../../src/turn/assemble-prompt.ts';
import { HistoryWindow } from '../../src/turn/history-window.ts';
import { builtInPresets } from '../../src/turn/presets/built-in-presets.ts';
import type { PlacedLore, PromptMaterial } from '../../src/turn/prompt-material.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { TokenCounts } from '../../src/turn/token-counts.ts';
import { openTestStorage } from './open-test-storage.ts';

const newId = createIdGenerator(systemClock);
const signal = new AbortController().signal;

const noWords = { tagline: '', description: '', personality: '', scenario: '', greeting: '', exampleDialogue: '' };
/** So many different words. */
export const words = (count: number, word: string) =>
  Array.from({ length: count }, (_, index) => `${word}${index}`).join(' ');

export function cardOf(some: Partial<CardText> = {}): CardText {
  const card = withFormFields(undefined, { ...noWords, name: 'Mira', greeting: 'Hi' });
  return { ...localizeCard(card, 'en'), description: 'Keeps the light.', ...some };
}

/** What a turn in the given preset is made of, with nothing but the card and what the test adds. */
function materialOf(some: Partial<PromptMaterial> = {}, body: Partial<PresetBody> = {}): PromptMaterial {
  const names = { char: 'Mira', user: 'Ann' };
  const context: MacroContext = {
    mode: 'st',
    names,
    card: some.card ?? cardOf(),
    persona: some.persona?.description ?? '',
    now: 0,
    seed: 'test',
    random: () => 0.5,
    variables: { local: new Map(), global: new Map() },
  };
  return {
    card: cardOf(),
    locale: 'en',
    names,
    preset: { name: 'Test', body: { ...builtInPresets.stable.body, ...body } },
    persona: null,
    note: null,
    depthPrompt: null,
    spoken: null,
    room: null,
    world: null,
    lore: { placements: [], fired: [], cut: [], disableUiPrompts: [] },
    files: null,
    render: (text, more) => renderMacros(text, { ...context, ...more }),
    ...some,
  };
}

/** A piece of lore as the engine placed it. */
export function lore(slot: PlacedLore['slot'], text: string, some: Partial<PlacedLore> = {}): PlacedLore {
  return {
    slot,
    depth: null,
    role: 'system',
    outlet: null,
    text,
    order: 100,
    bookId: 'b',
    uid: text,
    tokens: text.split(' ').length,
    owner: `Book · ${text}`,
    steady: false,
    ...some,
  };
}

export const withLore = (placements: PlacedLore[]) => ({
  lore: { placements, fired: [], cut: [], disableUiPrompts: [] as const },
});

export type Line = [speaker: MessageNode['author']['kind'], text: string, more?: Partial<MessageNode>];

/** Writes lines one below the other; returns the conversation and the nodes' ids. */
async function tellIn(storage: Storage, lines: readonly Line[]): Promise<{ conversationId: string; ids: string[] }> {
  const conversationId = newId();
  const ids: string[] = [];
  await storage.transaction(async (trx) => {
    await insertConversation(trx, {
      id: conversationId,
      ownerId: 'ann',
      characterId: 'mira',
      characterVersionId: 'mira-1',
      locale: 'en',
      title: null,
      leafId: null,
      revision: 0,
      messageCount: lines.length,
      preview: '',
      model: null,
      preset: 'model',
      personaId: null,
      promptPresetId: null,
      authorsNote: null,
      foreign: null,
      memory: 'on',
      room: null,
      worldId: null,
      createdAt: 1,
      updatedAt: 1,
      deletedAt: null,
      clientId: null,
    });
    for (const [depth, [kind, text, more = {}]] of lines.entries()) {
      const id = newId();
      const node: MessageNode = {
        id,
        conversationId,
        parentId: ids.at(-1) ?? null,
        depth,
        author: { kind, id: kind, name: kind },
        parts: [{ type: 'text', text }],
        state: 'done',
        failure: null,
        editOf: null,
        clientId: null,
        activeChildId: null,
        hasReceipt: false,
        hidden: false,
        audience: 'everyone',
        manner: 'open',
        stageId: null,
        foreign: null,
        createdAt: 1,
        deletedAt: null,
        ...more,
      };
      await insertMessage(trx, node);
      ids.push(id);
    }
  });
  return { conversationId, ids };
}

export interface AskedPrompt {
  card?: CardText;
  continueText?: string | null;
  pending?: readonly MessageNode[];
  material?: Partial<PromptMaterial>;
  body?: Partial<PresetBody>;
}

export type Assembler = (conversationId: string, endId: string | null, asked?: AskedPrompt) => Promise<AssembledPrompt>;

/** A storage with one character, where talks are told and prompts are made of them. */
export interface Assembly extends AsyncDisposable {
  tell(lines: readonly Line[]): Promise<{ conversationId: string; ids: string[] }>;
  createAssembler(model?: { contextLength?: number; continuesAssistant?: boolean }): Assembler;
}

export async function openAssembly(): Promise<Assembly> {
  const house = await openTestStorage();
  const { storage } = house;
  const card = withFormFields(undefined, { ...noWords, name: 'Mira', greeting: '' });
  await storage.transaction((trx) =>
    insertCharacter(
      trx,
      { id: 'mira', ownerId: null, slug: 'mira', now: 1 },
      { id: 'mira-1', card, contentHash: 'x', pictureHash: null, now: 1 },
    ),
  );
  return {
    tell: (lines) => tellIn(storage, lines),
    createAssembler: ({ contextLength = 2000, continuesAssistant = true } = {}) => {
      const model = createScriptedModel({ contextLength, continuesAssistant });
      const counts = new TokenCounts();
      const history = new HistoryWindow(counts);
      return (
        conversationId,
        endId,
        { card: text = cardOf(), continueText = null, pending, material = {}, body = {} } = {},
      ) =>
        assemblePrompt(
          {
            db: storage.db,
            model,
            material: materialOf({ card: text, ...material }, body),
            conversationId,
            endId,
            pending,
            continueText,
            signal,
          },
          { counts, history },
        );
    },
    [Symbol.asyncDispose]: () => house[Symbol.asyncDispose](),
  };
}

/** Roles and texts of everything after the first system message. */
export const said = ({ prompt }: AssembledPrompt) =>
  prompt
    .slice(1)
    .map(
      ({ role, content }) =>
        `${role}: ${typeof content === 'string' ? content : content.map((part) => ('text' in part ? part.text : '')).join('')}`,
    );
export const system = ({ prompt }: AssembledPrompt) =>
  typeof prompt[0]?.content === 'string' ? prompt[0].content : '';

/** An author's note. */
export const noteAt = (depth: number | null, some: Partial<NonNullable<PromptMaterial['note']>> = {}) => ({
  text: 'Speak softly.',
  depth,
  role: 'system' as const,
  interval: 1,
  ...some,
});

/** So many messages of so many words, the character's first. */
export const talk = (count: number, length = 10): Line[] =>
  Array.from({ length: count }, (_, index): Line => [
    index % 2 === 0 ? 'character' : 'human',
    words(length, `t${index}w`),
  ]);
