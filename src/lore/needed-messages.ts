import type { LoreSettings } from '../../contract/lore.ts';
import type { LoreBookInUse } from './lore-types.ts';
import { readDecorators } from './spec/decorators.ts';
import { MAX_SCAN_DEPTH } from './st/st-scan-text.ts';

/**
 * How many of the newest messages can matter to these books; what is older need not be handed to `runLore`. At most
 * 1000 where only SillyTavern's mode is in use; Infinity where a book asks for that.
 */
export function neededMessages(books: readonly LoreBookInUse[], settings: LoreSettings): number {
  return Math.max(
    0,
    ...books.map((book) => (book.body.mode === 'st' ? neededBySt(book, settings) : neededBySpec(book, settings))),
  );
}

function neededBySt({ body }: LoreBookInUse, settings: LoreSettings): number {
  const deepest = settings.world_info_min_activations_depth_max;
  let needed = settings.world_info_depth;
  // The last step starts at the limit and goes one deeper.
  if (settings.world_info_min_activations > 0) needed = Math.max(needed, deepest > 0 ? deepest + 1 : MAX_SCAN_DEPTH);
  for (const { enabled, scanDepth } of body.entries)
    if (enabled && scanDepth !== null) needed = Math.max(needed, scanDepth);
  return Math.min(needed, MAX_SCAN_DEPTH);
}

function neededBySpec({ body }: LoreBookInUse, settings: LoreSettings): number {
  const byDefault = body.scanDepth ?? settings.world_info_depth;
  let needed = 0;
  for (const { enabled, scanDepth, content } of body.entries) {
    if (!enabled) continue;
    needed = Math.max(needed, readDecorators(content).decorators.scanDepth ?? scanDepth ?? byDefault);
  }
  return Math.ceil(needed);
}
