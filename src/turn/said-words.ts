import type { Locale } from '../../contract/common.ts';
import type { CardText } from '../character/card.ts';
import { emptyLoreState } from '../lore/lore-state.ts';
import { hasVolatileMacros } from '../lore/macros/has-volatile-macros.ts';
import { renderMacros } from '../lore/macros/render-macros.ts';
import type { Db } from '../storage/storage.ts';
import { seededRandom } from './seeded-random.ts';
import type { TurnState } from './turn-state.ts';
import { readTurnStart } from './turn-state-store.ts';

export interface SaidWords {
  text: string;
  /** The variables it set, for the turns below it; null when it set none. */
  state: TurnState | null;
}

/**
 * What a person's message says once its dice are rolled, its clock is read and its variables are set: this happens when
 * it is sent, so that it says the same ever after. Names stay macros until a prompt is made.
 */
export async function sayWords(
  db: Db,
  {
    conversationId,
    leafId,
    messageId,
    text,
    card,
    userName,
    locale,
    now,
  }: {
    conversationId: string;
    leafId: string | null;
    messageId: string;
    text: string;
    card: CardText;
    userName: string;
    locale: Locale;
    now: number;
  },
): Promise<SaidWords> {
  if (!hasVolatileMacros(text)) return { text, state: null };
  const { before, counts } = await readTurnStart(db, { conversationId, endId: leafId });
  const local = new Map(Object.entries(before?.variables ?? {}));
  const said = renderMacros(text, {
    mode: 'st',
    names: { char: card.called, user: userName },
    card: { ...card, firstMessage: card.greetings[0] ?? '' },
    now,
    locale,
    seed: conversationId,
    random: seededRandom(messageId),
    variables: { local, global: new Map() },
  });
  const variables = Object.fromEntries(local);
  if (JSON.stringify(variables) === JSON.stringify(before?.variables ?? {})) return { text: said, state: null };
  return {
    text: said,
    state: {
      lore: before?.lore ?? emptyLoreState(),
      variables,
      counts: { ...counts, all: counts.all + 1, human: counts.human + 1 },
    },
  };
}
