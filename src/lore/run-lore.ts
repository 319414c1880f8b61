/**
 * The lorebook engine. Books of both modes may be in use at once: each runs by its own mode's rules over the same
 * messages, and the entries of one mode never trigger those of the other.
 *
 * Budget: the settings' percentage of the context (and its cap) is what all lore may take together. Books of mode
 * `spec` come first, because a card's author counted on them: each is held to its own `token_budget`, and all of them
 * to the whole. SillyTavern's engine fills what is left, and stops there by its own rule. Only `ignoreBudget` entries
 * of mode `st` go beyond.
 */
import type { LoreCut, LoreFired, LoreSettings } from '../../contract/lore.ts';
import { LoreRun, type Activation, type Cut } from './lore-run.ts';
import type { LoreInput, LorePlacement, LoreResult } from './lore-types.ts';
import { inPromptOrder } from './prompt-order.ts';
import { runSpec } from './spec/run-spec.ts';
import { runSt } from './st/run-st.ts';
import { booksOnce } from './st/st-order.ts';

export type { LoreBookInUse, LoreInput, LoreMessage, LorePlacement, LoreResult } from './lore-types.ts';

export async function runLore(input: LoreInput): Promise<LoreResult> {
  const run = new LoreRun(input);
  const budget = loreBudget(input.settings, input.contextLength);
  const books = booksOnce(input.books);
  const spec = await runSpec(run, { books: books.filter(({ body }) => body.mode === 'spec'), budget });
  const spent = tokensOf(spec.activations);
  const st = await runSt(run, { books: books.filter(({ body }) => body.mode === 'st'), budget, spent });
  const ordered = inPromptOrder({ spec: spec.activations, st: st.activations });
  return {
    fired: ordered.map(presentFired),
    cut: [...spec.cuts, ...st.cuts].map(presentCut),
    placements: ordered.map(presentPlacement),
    disableUiPrompts: spec.disableUiPrompts,
    state: { ...st.state, ...spec.state },
    budget,
    used: tokensOf(ordered),
  };
}

/** Tokens all lore may take together, as SillyTavern computes it; at least one. */
export function loreBudget(settings: LoreSettings, contextLength: number): number {
  const share = Math.round((settings.world_info_budget * contextLength) / 100) || 1;
  const cap = settings.world_info_budget_cap;
  return cap > 0 ? Math.min(share, cap) : share;
}

function tokensOf(activations: readonly Activation[]): number {
  return activations.reduce((sum, { tokens }) => sum + tokens, 0);
}

function presentFired({ candidate: { book, entry }, slot, depth, reason, key, tokens }: Activation): LoreFired {
  return {
    bookId: book.id,
    bookName: book.name,
    uid: entry.uid,
    name: entry.name || entry.comment,
    position: slot,
    depth,
    order: entry.order,
    reason,
    key,
    tokens,
  };
}

function presentCut({ candidate: { book, entry }, reason, tokens }: Cut): LoreCut {
  return {
    bookId: book.id,
    bookName: book.name,
    uid: entry.uid,
    name: entry.name || entry.comment,
    order: entry.order,
    reason,
    tokens,
  };
}

function presentPlacement({ candidate: { book, entry }, text, tokens, slot, depth, role }: Activation): LorePlacement {
  return {
    slot,
    depth,
    role,
    outlet: slot === 'outlet' ? entry.outletName : null,
    text,
    order: entry.order,
    bookId: book.id,
    uid: entry.uid,
    tokens,
  };
}
