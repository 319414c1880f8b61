import type { FilesReceipt } from '../../contract/attachments.ts';
import type { LoreCut, LoreFired } from '../../contract/lore.ts';
import type { MemoryReceipt } from '../../contract/memory.ts';
import type { Receipt } from '../../contract/messages.ts';
import type { PromptRole } from '../../contract/prompts.ts';
import { textOf, type MessageNode } from '../conversation/tree-types.ts';
import { hasVolatileMacros } from '../lore/macros/has-volatile-macros.ts';
import type { ModelFacts } from '../models/spec/model-handle.ts';
import { arrangeClassic, arrangeStable, type PlacedChunk, type PromptParts } from './arrange-chunks.ts';
import { wordsWithFiles } from './file-words.ts';
import { filesReceipt, numberPassages, type NumberedPassage } from './gather-files.ts';
import { choosePictures, PictureRoom } from './show-pictures.ts';
import { fitPrompt, type FittedPrompt } from './fit-prompt.ts';
import type { HistoryMessage, HistoryWindow } from './history-window.ts';
import { JOINT, toSentPrompt, type Chunk, type SentPrompt } from './prompt-chunks.ts';
import type { AssembleOptions, PromptMaterial } from './prompt-material.ts';
import { isOwn, type RoomView } from './room-view.ts';
import { asSaidBy, eventWords, namePrefix } from './room-words.ts';
import type { TokenCounts } from './token-counts.ts';
import { chunksWithCalls, endedCalls, toFunctionTools, wordsWithCalls } from './tool-chunks.ts';
import type { OfferedTool } from './tool-turn.ts';

/** Tokens kept free between prompt and answer, for templates that add a little. */
const SPARE_TOKENS = 32;
/** Tools that would take more of what a model can see than this are not offered. */
const TOOLS_SHARE = 1 / 3;
/** The longest answer asked for, in tokens; less where the context is small. A preset may ask for another. */
const MAX_OUTPUT_TOKENS = 700;

/** Follows the words of a reply that the listener did not hear to its end; the prompt says what it means. */
const CUT_OFF_MARK = '[interrupted]';

export interface AssembledPrompt extends SentPrompt {
  chunks: readonly Chunk[];
  systemInside: boolean;
  order: 'stable' | 'classic';
  presetName: string;
  dropped: Receipt['dropped'];
  lore: { fired: LoreFired[]; cut: LoreCut[] };
  /** Null where nothing was asked of memory. */
  memory: MemoryReceipt | null;
  /** What the reply begins with because a lorebook says so (V3, depth 0 of the assistant); empty for most. */
  prefill: string;
  maxOutputTokens: number;
  /** Tokens the model can see in this conversation, prompt and answer together. */
  contextLength: number;
  names: { char: string; user: string };
  /** Passages of files that the reply may name, by their numbers. */
  files: NumberedPassage[];
  /** What the receipt says of files and pictures; undefined where there are none. */
  filesReceipt: FilesReceipt | undefined;
  /** Names of everybody else in a room; empty between two. */
  others: readonly string[];
}

/** Tokens a model can see under a preset, and how many of them an answer may take. */
export function promptRoom(
  model: ModelFacts,
  { contextLength, maxOutputTokens }: { contextLength: number | null; maxOutputTokens: number | null },
): { contextLength: number; maxOutputTokens: number; budget: number } {
  const visible = Math.min(model.contextLength, contextLength ?? model.contextLength);
  const output =
    maxOutputTokens === null
      ? Math.min(MAX_OUTPUT_TOKENS, Math.floor(visible / 4))
      : Math.min(maxOutputTokens, Math.floor(visible / 2));
  return { contextLength: visible, maxOutputTokens: output, budget: visible - output - SPARE_TOKENS };
}

/**
 * Builds what the model sees. Over budget, lore leaves before the newest message would, then the example dialogue, then
 * the oldest messages, in whole blocks.
 */
export async function assemblePrompt(
  options: AssembleOptions,
  { counts, history: window }: { counts: TokenCounts; history: HistoryWindow },
): Promise<AssembledPrompt> {
  const { model, material, continueText } = options;
  const { body } = material.preset;
  const room = promptRoom(model, body);
  const newPictureRoom = () => new PictureRoom({ model, budget: room.budget });
  const read = {
    ...options,
    view: material.room?.view ?? null,
    textOf: (node: MessageNode) => historyText(node, material),
    newPictureRoom,
  };
  const memory = options.memory ?? null;
  const tools = await fitTools(options, { counts, budget: room.budget });
  const fitted = await fitPrompt({ options, budget: room.budget - tools.tokens, counts, window, read, memory });
  const pictures = choosePictures(
    fitted.history.messages,
    new PictureRoom({ model, budget: fitted.showsPictures ? room.budget : 0 }),
  );
  const { offered } = tools;
  const { prefill, parts } = toParts({ fitted, model, material, continueText, pictures: pictures.shown, offered });
  const arranged = body.order === 'classic' ? arrangeClassic(parts) : arrangeStable(parts);
  const chunks = [...arranged, ...ending({ arranged, fitted, options, prefill, offered })];
  const systemInside = takesSystemInside(model);
  const sent = toSentPrompt(chunks, { systemInside, tools: toFunctionTools(tools.offered) });
  const { tokens } = tools;
  return {
    ...sent,
    segments: tokens === 0 ? sent.segments : [...sent.segments, { kind: 'tools', owner: '', tokens, stable: true }],
    chunks,
    systemInside,
    order: body.order,
    presetName: material.preset.name,
    dropped: [...fitted.dropped, ...tools.dropped],
    lore: fitted.lore,
    memory: fitted.memory,
    prefill: prefill.map(({ text }) => text).join(JOINT),
    maxOutputTokens: room.maxOutputTokens,
    contextLength: room.contextLength,
    names: material.names,
    files: fitted.files === null ? [] : numberPassages(fitted.files),
    filesReceipt: filesReceipt(fitted.files, pictures.told),
    others: material.room?.others ?? [],
  };
}

/** The same prompt with more at its end: calls of tools and what they gave. */
export function extendPrompt(assembled: AssembledPrompt, more: readonly Chunk[]): AssembledPrompt {
  const { systemInside, tools } = assembled;
  const chunks = [...assembled.chunks, ...more];
  const sent = toSentPrompt(chunks, { systemInside, tools });
  return {
    ...assembled,
    ...sent,
    segments: [...sent.segments, ...assembled.segments.filter(({ kind }) => kind === 'tools')],
    chunks,
  };
}

/** Tools are all offered or none: half of them would leave a model guessing. */
async function fitTools(
  { model, tools: offered = [], signal }: AssembleOptions,
  { counts, budget }: { counts: TokenCounts; budget: number },
): Promise<{ offered: readonly OfferedTool[]; tokens: number; dropped: Receipt['dropped'] }> {
  if (offered.length === 0) return { offered, tokens: 0, dropped: [] };
  const text = JSON.stringify(toFunctionTools(offered));
  const { counts: counted } = await counts.count(model, [{ key: text, text }], signal);
  const tokens = counted[0] ?? 0;
  if (tokens <= budget * TOOLS_SHARE) return { offered, tokens, dropped: [] };
  return { offered: [], tokens: 0, dropped: [{ kind: 'tools', tokens, messages: 0 }] };
}

/** Templates of local models take system text at the beginning only, some of them loudly. */
export function takesSystemInside(model: ModelFacts): boolean {
  return model.place === 'provider';
}

function historyText(node: MessageNode, material: PromptMaterial): string {
  const { room, locale, preset, render } = material;
  const { body } = preset;
  const isCalling = endedCalls(node.parts).length > 0 && (room === null || isOwn(room.view, node));
  const words = isCalling ? wordsWithCalls(node.parts) : wordsWithFiles(node, locale);
  if (words.trim() === '') return room === null ? '' : eventWords(node, locale);
  const isOthers = room !== null && !isOwn(room.view, node);
  const worded = isOthers ? asSaidBy(node, words) : words;
  // Dice are rolled when a message is written, not each time it is read again.
  const said = hasVolatileMacros(worded) ? worded : render(worded);
  if (isOthers) return `${namePrefix(node, { ...room, locale })}${said}`;
  const heard = wasCutOff(node) ? `${said.trimEnd()} ${CUT_OFF_MARK}` : said;
  const named = body.names === 'content' && node.author.name !== '' ? `${node.author.name}: ${heard}` : heard;
  if (!body.sendReasoning || node.author.kind === 'human') return named;
  const thoughts = node.parts.flatMap((part) => (part.type === 'reasoning' ? [part.text] : []));
  return thoughts.length === 0 ? named : `<think>\n${thoughts.join('\n')}\n</think>\n\n${named}`;
}

/** Of a spoken reply only the words that were heard are kept; the model is told here that there were to be more. */
function wasCutOff({ author, parts, state }: MessageNode): boolean {
  const voice = parts.find((part) => part.type === 'voice');
  return author.kind === 'character' && voice !== undefined && (voice.interrupted || state === 'interrupted');
}

function toParts({
  fitted,
  model,
  material,
  continueText,
  pictures,
  offered,
}: {
  fitted: FittedPrompt;
  model: ModelFacts;
  material: PromptMaterial;
  continueText: string | null;
  pictures: ReadonlyMap<string, readonly string[]>;
  offered: readonly OfferedTool[];
}): { prefill: Chunk[]; parts: PromptParts } {
  const { before, opening, injections, after, frame, history } = fitted;
  // The reply grows out of it, so it must be the last thing the model sees.
  const isPrefill = ({ chunk, depth, from }: PlacedChunk) =>
    continueText === null && model.continuesAssistant && chunk.role === 'assistant' && from === 'end' && depth <= 0;
  return {
    prefill: injections.filter(isPrefill).map(({ chunk }) => chunk),
    parts: {
      before,
      opening,
      injections: injections.filter((placed) => !isPrefill(placed)),
      after,
      frame: takesSystemInside(model) ? null : frame,
      history: history.messages.flatMap((message, index) => {
        const chunk = toChunk(message, { material, pictures, isNewest: index === history.messages.length - 1 });
        if (chunk.role !== 'assistant') return [chunk];
        const say = (words: string) => (hasVolatileMacros(words) ? words : material.render(words));
        return chunksWithCalls(chunk, { node: message.node, offered, say });
      }),
    },
  };
}

function toChunk(
  { node, text, tokens }: HistoryMessage,
  {
    material: { room, locale },
    pictures,
    isNewest,
  }: { material: PromptMaterial; pictures: ReadonlyMap<string, readonly string[]>; isNewest: boolean },
): Chunk {
  const words = textOf(node.parts);
  const prefix = room === null ? '' : namePrefix(node, { ...room, locale });
  return {
    kind: isNewest ? 'message' : 'history',
    owner: '',
    role: roleOf(node, room?.view ?? null),
    text,
    tokens,
    stable: false,
    said: true,
    ...(pictures.has(node.id) ? { pictures: pictures.get(node.id) ?? [] } : {}),
    ...(text === `${prefix}${words}` && words !== ''
      ? { messageId: node.id, ...(prefix === '' ? {} : { prefix }) }
      : {}),
  };
}

/** In a room everybody but the speaker is on the human's side. */
function roleOf(node: MessageNode, view: RoomView | null): PromptRole {
  if (node.author.kind === 'narrator') return 'system';
  const isAssistant = view === null ? node.author.kind === 'character' : isOwn(view, node);
  return isAssistant ? 'assistant' : 'user';
}

/** What makes the model go on in the right place. */
function ending({
  arranged,
  fitted: { continued, continueNudge, proceedNudge },
  options: { model, material, continueText, begunParts = [] },
  prefill,
  offered,
}: {
  arranged: readonly Chunk[];
  fitted: FittedPrompt;
  options: AssembleOptions;
  prefill: readonly Chunk[];
  offered: readonly OfferedTool[];
}): Chunk[] {
  if (prefill.length > 0) return [...prefill];
  if (continueText !== null) {
    // Tools that it called already are told with what they gave, where its words go on.
    const begun = chunksWithCalls(continued, { node: { parts: [...begunParts] }, offered, say: (words) => words });
    // Results of tools are answered without being asked to go on.
    return model.continuesAssistant || begun.at(-1)?.role === 'tool' ? begun : [...begun, continueNudge];
  }
  const last = arranged.at(-1)?.role;
  // In a room it may be that somebody comes in: models wait for words from the human's side.
  return last === 'assistant' || (last === 'system' && material.room !== null) ? [proceedNudge] : [];
}
