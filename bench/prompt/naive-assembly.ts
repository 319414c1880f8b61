import type { LorebookBody } from '../../contract/lore.ts';
import { readPathUp } from '../../src/conversation/message-store.ts';
import { textOf } from '../../src/conversation/tree-types.ts';
import { renderMacros } from '../../src/lore/macros/render-macros.ts';
import type { MacroContext } from '../../src/lore/macros/macro-context.ts';
import type { ModelHandle } from '../../src/models/spec/model-handle.ts';
import type { Db } from '../../src/storage/storage.ts';

/**
 * What a client that keeps nothing does each turn: reads the whole chat, fills in its macros, counts its tokens, and
 * looks for every key of every entry in all of it. Returns the tokens that would be sent.
 */
export async function assembleNaively(
  db: Db,
  {
    conversationId,
    endId,
    length,
    book,
    model,
    context,
  }: {
    conversationId: string;
    endId: string;
    length: number;
    book: LorebookBody;
    model: ModelHandle;
    context: MacroContext;
  },
): Promise<number> {
  const path = await readPathUp(db, { conversationId, fromId: endId, limit: length });
  const texts = path.map((node) => renderMacros(textOf(node.parts), context));
  const { counts } = await model.countTokens(texts);
  const scanned = texts.join('\n').toLowerCase();
  const fired = book.entries.filter(({ constant, keys }) => constant || keys.some((key) => scanned.includes(key)));
  const lore = await model.countTokens(fired.map(({ content }) => renderMacros(content, context)));
  const budget = model.contextLength * 0.75;
  let used = 0;
  for (const tokens of [...lore.counts, ...counts.toReversed()]) {
    if (used + tokens > budget) break;
    used += tokens;
  }
  return used;
}
