import type { z } from 'zod';
import { loreEntrySchema, lorebookBodySchema, loreSettingsSchema, type LoreMode } from '../../../contract/lore.ts';
import { emptyLoreState } from '../lore-state.ts';
import { render } from '../macros/macro-fixtures.ts';
import { runLore } from '../run-lore.ts';
import type { LoreBookInUse, LoreInput, LoreMessage, LorePlacement, LoreResult } from '../run-lore.ts';

type EntryInput = Partial<z.input<typeof loreEntrySchema>>;

/** A book for a test; entries get their place as uid. */
export function bookOf(
  mode: LoreMode,
  entries: readonly EntryInput[],
  more: { id?: string; source?: LoreBookInUse['source']; body?: object } = {},
): LoreBookInUse {
  const id = more.id ?? 'book';
  return {
    id,
    name: id,
    source: more.source ?? 'global',
    body: lorebookBodySchema.parse({
      mode,
      entries: entries.map((entry, index) =>
        loreEntrySchema.parse({ uid: String(index), content: `<${index}>`, ...entry }),
      ),
      ...more.body,
    }),
  };
}

/** Messages of a test: a text is the user's; `> text` is the character's. */
export function messagesOf(...texts: string[]): LoreMessage[] {
  return texts.map((text) =>
    text.startsWith('> ')
      ? { name: 'Mira', text: text.slice(2), role: 'assistant' }
      : { name: 'Ann', text, role: 'user' },
  );
}

/** A run with the shipped settings, a token to each word, and a random stream of 0.5. */
export async function run(
  books: LoreBookInUse | readonly LoreBookInUse[],
  messages: readonly LoreMessage[] | string,
  more: Partial<Omit<LoreInput, 'settings'>> & { settings?: object } = {},
): Promise<LoreResult> {
  const { settings, ...rest } = more;
  return runLore({
    books: Array.isArray(books) ? (books as LoreBookInUse[]) : [books as LoreBookInUse],
    messages: typeof messages === 'string' ? messagesOf(messages) : messages,
    earlierMessages: 0,
    earlierAssistantMessages: 0,
    greetingIndex: null,
    settings: loreSettingsSchema.parse(settings ?? {}),
    fields: {
      personaDescription: '',
      characterDescription: '',
      characterPersonality: '',
      characterDepthPrompt: '',
      scenario: '',
      creatorNotes: '',
    },
    character: { name: 'Mira', tags: [] },
    userIcon: null,
    trigger: 'normal',
    contextLength: 8192,
    renderMacros: (text) => render(text, { names: { char: 'Mira', user: 'Ann' } }),
    countTokens: (texts) => Promise.resolve(texts.map(wordsOf)),
    random: () => 0.5,
    state: emptyLoreState(),
    ...rest,
  });
}

function wordsOf(text: string): number {
  return text.split(/\s+/).filter((word) => word !== '').length;
}

/** Uids of what fired, in prompt order. */
export function firedUids({ fired }: LoreResult): string[] {
  return fired.map(({ uid }) => uid);
}

/** `uid reason` of what was cut. */
export function cutReasons({ cut }: LoreResult): string[] {
  return cut.map(({ uid, reason }) => `${uid} ${reason}`).sort();
}

/** Texts in prompt order, for each slot that has any. */
export function textsBySlot({ placements }: LoreResult): Partial<Record<LorePlacement['slot'], string[]>> {
  const texts: Partial<Record<LorePlacement['slot'], string[]>> = {};
  for (const { slot, text } of placements) texts[slot] = [...(texts[slot] ?? []), text];
  return texts;
}
