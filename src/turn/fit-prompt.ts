import type { LoreCut, LoreFired } from '../../contract/lore.ts';
import type { Receipt } from '../../contract/messages.ts';
import type { PresetBody } from '../../contract/prompts.ts';
import { InvalidInputError } from '../base/errors.ts';
import type { PlacedChunk } from './arrange-chunks.ts';
import { chooseMemories, memoryRoom, type ChosenMemories, type PromptMemory } from './choose-memories.ts';
import { TEMPLATE_TOKENS, type History, type HistoryWindow, type ReadHistory } from './history-window.ts';
import { shrinkFiles, type FilesMaterial } from './gather-files.ts';
import { housePrompt } from './house-prompt.ts';
import { layOutPrompt, type Layout } from './lay-out-prompt.ts';
import type { Chunk } from './prompt-chunks.ts';
import type { AssembleOptions, PlacedLore, PromptMaterial } from './prompt-material.ts';
import type { Draft } from './segment-drafts.ts';
import type { TokenCounts } from './token-counts.ts';
import { endedCalls, wordsWithCalls } from './tool-chunks.ts';

/** In stable order the examples leave whole when character and lore take more than this; the rest belongs to the talk. */
const CHARACTER_SHARE = 2 / 3;
/** Tokens that may stand between two texts of one message, at most. */
const JOINT_TOKENS = 2;

export interface FittedPrompt {
  before: Chunk[];
  opening: Chunk;
  injections: PlacedChunk[];
  after: Chunk[];
  frame: { begin: Chunk; end: Chunk };
  history: History;
  continued: Chunk;
  continueNudge: Chunk;
  proceedNudge: Chunk;
  dropped: Receipt['dropped'];
  lore: { fired: LoreFired[]; cut: LoreCut[] };
  /** Null where nothing was asked of memory. */
  memory: ChosenMemories['receipt'] | null;
  /** What is left of the passages of files. */
  files: FilesMaterial | null;
  /** False where the pictures of the newest message leave no room for its words: then none is shown. */
  showsPictures: boolean;
}

interface Fitting {
  options: AssembleOptions;
  /** Tokens the prompt may take. */
  budget: number;
  counts: TokenCounts;
  window: HistoryWindow;
  read: Omit<ReadHistory, 'room'>;
  memory: PromptMemory | null;
}

/** What is remembered stands before the newest message, where it costs the engine least. */
const MEMORY_DEPTH = 1;

/** Counts every part and lets the least important go where the conversation needs their place. */
export async function fitPrompt(asked: Fitting): Promise<FittedPrompt> {
  const { options, budget, window } = asked;
  const fitting = await withoutTooLargePictures(asked);
  const { read } = fitting;
  const newest = await window.newest(read);
  let material = options.material;
  let counted = await countLayout(fitting, material);
  const over = counted.total + newest.tokens + TEMPLATE_TOKENS - budget;
  if (material.files && over > 0) {
    material = { ...material, files: shrinkFiles(material.files, over) };
    counted = await countLayout(fitting, material);
  }
  const cut = [...material.lore.cut];
  const left = cutLore(material.lore.placements, counted.total + newest.tokens + TEMPLATE_TOKENS - budget);
  if (left.cut.length > 0) {
    cut.push(...left.cut);
    material = { ...material, lore: { ...material.lore, placements: left.kept } };
    counted = await countLayout(fitting, material);
  }
  requireRoom(fitting, { needed: counted.total, newest: newest.tokens });
  const reserved = reservedTokens(fitting, counted.total + newest.tokens);
  const { history, blocks, dropped } = await fitHistory({ ...fitting, budget: budget - reserved }, counted);
  const memories = reserved > 0 ? await recallBeside(fitting, history) : null;
  const { layout, around } = counted;
  const kept = new Set(left.kept.map(({ bookId, uid }) => `${bookId} ${uid}`));
  return {
    before: [
      ...layout.head,
      ...layout.examplesTop,
      ...blocks.flat(),
      ...layout.examplesBottom,
      ...layout.neck,
      ...(memories?.summary ?? []),
    ],
    injections: [
      ...layout.injections,
      ...(memories?.notes ?? []).map((chunk): PlacedChunk => ({ chunk, depth: MEMORY_DEPTH, from: 'end' })),
    ],
    memory: memories?.receipt ?? null,
    files: material.files,
    showsPictures: read.newPictureRoom !== undefined,
    after: layout.after,
    ...around,
    history,
    dropped,
    lore: {
      fired:
        left.cut.length === 0
          ? material.lore.fired
          : material.lore.fired.filter(({ bookId, uid }) => kept.has(`${bookId} ${uid}`)),
      cut,
    },
  };
}

/** Pictures are told of in words where the newest message does not fit with them beside the character. */
async function withoutTooLargePictures(fitting: Fitting): Promise<Fitting> {
  const { options, budget, window, read } = fitting;
  const { newPictureRoom: _none, ...words } = read;
  const [seen, told] = [await window.newest(read), await window.newest(words)];
  if (seen.tokens === told.tokens) return fitting;
  const { total } = await countLayout(fitting, { ...options.material, files: null });
  return total + seen.tokens + TEMPLATE_TOKENS <= budget ? fitting : { ...fitting, read: words };
}

/** The character and the newest message have to fit. */
function requireRoom({ options, budget }: Fitting, { needed, newest }: { needed: number; newest: number }): void {
  const { model, material } = options;
  const { name } = material.card;
  if (needed + TEMPLATE_TOKENS > budget) {
    throw new InvalidInputError(
      `${name} takes ${needed} tokens, and ${model.label} can see ${budget}: choose a model with a longer memory, or shorten the character.`,
      { code: 'context-too-small', details: { needed, available: budget } },
    );
  }
  const available = budget - needed;
  if (newest > available) {
    throw new InvalidInputError(
      `The last message takes ${newest} tokens, and beside ${name} ${model.label} can see ${available}: shorten it, or choose a model with a longer memory.`,
      { code: 'message-too-long', details: { needed: newest, available } },
    );
  }
}

/** Room for memories, unless the newest message would have to leave for it. */
function reservedTokens({ memory, budget }: Fitting, taken: number): number {
  if (!memory) return 0;
  const { notes, summary } = memoryRoom({ asked: memory, budget });
  const reserved = notes + summary + 3 * TEMPLATE_TOKENS;
  return taken + reserved <= budget ? reserved : 0;
}

async function recallBeside(
  { memory, options: { model }, counts, budget }: Fitting,
  history: History,
): Promise<ChosenMemories | null> {
  if (!memory) return null;
  const window = new Set(history.messages.map(({ node }) => node.id));
  const beforeId = history.dropped.messages > 0 ? (history.messages[0]?.node.id ?? null) : null;
  return chooseMemories({ asked: memory, model, counts, budget }, { window, beforeId });
}

interface CountedLayout {
  layout: {
    head: Chunk[];
    examplesTop: Chunk[];
    exampleBlocks: Chunk[][];
    examplesBottom: Chunk[];
    neck: Chunk[];
    injections: PlacedChunk[];
    after: Chunk[];
  };
  around: Pick<FittedPrompt, 'opening' | 'frame' | 'continued' | 'continueNudge' | 'proceedNudge'>;
  /** Everything that must be there, without the examples. */
  total: number;
}

async function countLayout(
  { options: { model, continueText, begunParts = [], signal }, counts }: Fitting,
  material: PromptMaterial,
): Promise<CountedLayout> {
  const laid = layOutPrompt(material);
  const isCalling = endedCalls(begunParts).length > 0;
  const frames = aroundDrafts(material, isCalling ? wordsWithCalls(begunParts) : (continueText ?? ''));
  const drafts = [...listDrafts(laid), ...Object.values(frames)];
  const { counts: tokens } = await counts.count(
    model,
    drafts.map(({ text }) => ({ key: text, text })),
    signal,
  );
  const chunks = new Map<Draft, Chunk>(drafts.map((draft, index) => [draft, { ...draft, tokens: tokens[index] ?? 0 }]));
  const toChunk = (draft: Draft): Chunk => chunks.get(draft) ?? { ...draft, tokens: 0 };
  const layout = {
    head: laid.head.map(toChunk),
    examplesTop: laid.examplesTop.map(toChunk),
    exampleBlocks: laid.exampleBlocks.map((block) => block.map(toChunk)),
    examplesBottom: laid.examplesBottom.map(toChunk),
    neck: laid.neck.map(toChunk),
    injections: laid.injections.map(({ draft, depth, from }) => ({ chunk: toChunk(draft), depth, from })),
    after: laid.after.map(toChunk),
  };
  const around = {
    opening: toChunk(frames.opening),
    frame: { begin: toChunk(frames.begin), end: toChunk(frames.end) },
    continued: toChunk(frames.continued),
    continueNudge: toChunk(frames.continueNudge),
    proceedNudge: toChunk(frames.proceedNudge),
  };
  return { layout, around, total: totalOf({ layout, around, model, continueText }) };
}

function totalOf({
  layout,
  around: { opening, frame, continued, continueNudge, proceedNudge },
  model,
  continueText,
}: Omit<CountedLayout, 'total'> & Pick<AssembleOptions, 'model' | 'continueText'>): number {
  const { head, examplesTop, examplesBottom, neck, injections, after } = layout;
  const inline = [...head, ...examplesTop, ...examplesBottom, ...neck];
  const apart = [...injections.map(({ chunk }) => chunk), ...after, opening];
  const frames = [frame.begin, frame.end];
  const end =
    continueText === null ? [proceedNudge] : model.continuesAssistant ? [continued] : [continued, continueNudge];
  return (
    sumTokens(inline, JOINT_TOKENS) +
    sumTokens(apart, TEMPLATE_TOKENS) +
    sumTokens([...frames, ...end], JOINT_TOKENS) +
    2 * TEMPLATE_TOKENS
  );
}

function sumTokens(chunks: readonly Chunk[], each: number): number {
  return chunks.reduce((sum, { tokens }) => sum + tokens + each, 0);
}

function listDrafts(laid: Layout): Draft[] {
  return [
    ...laid.head,
    ...laid.examplesTop,
    ...laid.exampleBlocks.flat(),
    ...laid.examplesBottom,
    ...laid.neck,
    ...laid.injections.map(({ draft }) => draft),
    ...laid.after,
  ];
}

function aroundDrafts({ locale, room, preset: { body }, render }: PromptMaterial, continueText: string) {
  const house = housePrompt(locale);
  const draft = (kind: string, role: Draft['role'], raw: string): Draft => ({
    kind,
    owner: '',
    role,
    text: render(raw),
    stable: false,
  });
  return {
    opening: { ...draft('opening', 'user', openingOf(body) || house.opening), stable: true },
    begin: draft('notes-frame', 'system', house.notes.begin),
    end: draft('notes-frame', 'system', room === null ? house.notes.end : house.room.notesEnd),
    continued: { ...draft('continue', 'assistant', ''), text: continueText },
    continueNudge: draft('continue', 'user', body.continueNudge?.trim() ? body.continueNudge : house.continueNudge),
    proceedNudge: draft('nudge', 'user', house.proceedNudge),
  };
}

/** How the preset announces the talk; empty when it does not. */
function openingOf({ newChat, context }: PresetBody): string {
  return (newChat ?? context?.chat_start ?? '').trim();
}

/** Lowest order leaves first, until `over` tokens are free. */
function cutLore(placements: readonly PlacedLore[], over: number): { kept: PlacedLore[]; cut: LoreCut[] } {
  if (over <= 0) return { kept: [...placements], cut: [] };
  const leaving = new Set<PlacedLore>();
  let free = 0;
  for (const placement of placements.toSorted((a, b) => a.order - b.order)) {
    if (free >= over) break;
    leaving.add(placement);
    free += placement.tokens;
  }
  return {
    kept: placements.filter((placement) => !leaving.has(placement)),
    cut: [...leaving].map(({ bookId, uid, owner, order, tokens }) => ({
      bookId,
      bookName: owner,
      uid,
      name: '',
      order,
      reason: 'context' as const,
      tokens,
    })),
  };
}

/** History and examples share what is left: in stable order the examples stay or go as one, in classic block by block. */
async function fitHistory(
  { options, budget, window, read }: Fitting,
  { layout: { exampleBlocks }, total }: CountedLayout,
): Promise<{ history: History; blocks: Chunk[][]; dropped: Receipt['dropped'] }> {
  const { body } = options.material.preset;
  const costs = exampleBlocks.map((block) => sumTokens(block, TEMPLATE_TOKENS));
  const all = costs.reduce((sum, cost) => sum + cost, 0);
  let kept: number;
  if (body.pinExamples && total + all < budget) kept = exampleBlocks.length;
  else if (body.order === 'classic') {
    const said = await window.read({ ...read, room: budget - total });
    let left = budget - total - said.tokens;
    kept = costs.findIndex((cost) => (left -= cost) < 0);
    if (kept === -1) kept = costs.length;
  } else {
    const isRoomy =
      total + all <= budget * CHARACTER_SHARE && (await window.fits({ ...read, room: budget - total - all }));
    kept = isRoomy ? exampleBlocks.length : 0;
  }
  const used = costs.slice(0, kept).reduce((sum, cost) => sum + cost, 0);
  const history = await window.read({ ...read, room: budget - total - used });
  const { room } = options.material;
  // Of what the speaker did not hear nothing was left out.
  const leftOut = room === null ? history.dropped.messages : Math.max(0, room.heard - history.messages.length);
  const lost = exampleBlocks.slice(kept).flat();
  return {
    history,
    blocks: exampleBlocks.slice(0, kept),
    dropped: [
      ...(lost.length > 0 ? [{ kind: 'examples', tokens: sumTokens(lost, 0), messages: 0 }] : []),
      ...(leftOut > 0 ? [{ kind: 'history', tokens: 0, messages: leftOut }] : []),
    ],
  };
}
