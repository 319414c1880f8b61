import { createHash } from 'node:crypto';
import type { LanguageModelV4Message, LanguageModelV4Prompt } from '@ai-sdk/provider';
import type { Locale } from '../../contract/common.ts';
import type { Receipt } from '../../contract/messages.ts';
import { InvalidInputError } from '../base/errors.ts';
import type { CardText } from '../character/card.ts';
import { expandMacros } from '../lore/expand-macros.ts';
import type { ModelHandle } from '../models/spec/model-handle.ts';
import type { Db } from '../storage/storage.ts';
import { TEMPLATE_TOKENS, type HistoryMessage, type HistoryWindow } from './history-window.ts';
import { parseExampleDialogue } from './example-dialogue.ts';
import { housePrompt } from './house-prompt.ts';
import type { TokenCounts } from './token-counts.ts';

/** Tokens kept free between prompt and answer, for templates that add a little. */
const SPARE_TOKENS = 32;
/** The longest answer asked for, in tokens; less where the context is small. */
const MAX_OUTPUT_TOKENS = 700;
/** The rest of the budget belongs to the conversation itself. */
const CHARACTER_SHARE = 2 / 3;

export interface AssembleOptions {
  db: Db;
  model: ModelHandle;
  card: CardText;
  locale: Locale;
  userName: string;
  conversationId: string;
  /** The newest message the model sees. */
  endId: string | null;
  /** Text of a character's message that the model goes on with, or null. */
  continueText: string | null;
  signal: AbortSignal;
}

export interface AssembledPrompt {
  prompt: LanguageModelV4Prompt;
  /** Leading messages whose bytes do not change between turns. */
  stableMessages: number;
  segments: Receipt['segments'];
  dropped: Receipt['dropped'];
  /** sha256 of the prompt as sent, hex. */
  digest: string;
  maxOutputTokens: number;
  names: { char: string; user: string };
}

interface FixedSegment {
  kind: string;
  text: string;
}

/**
 * Builds what the model sees: the house frame and the character first and unchanged, then as much of the path's end
 * as fits. Over budget, the example dialogue leaves first, then the oldest messages, in whole blocks.
 */
export async function assemblePrompt(
  options: AssembleOptions,
  { counts, history: window }: { counts: TokenCounts; history: HistoryWindow },
): Promise<AssembledPrompt> {
  const { model, card, locale } = options;
  const house = housePrompt(locale);
  const names = { char: card.name, user: options.userName || house.defaultUser };
  const expand = (text: string) => expandMacros(text, names);
  const maxOutputTokens = Math.min(MAX_OUTPUT_TOKENS, Math.floor(model.contextLength / 4));
  const budget = model.contextLength - maxOutputTokens - SPARE_TOKENS;
  const tail = options.continueText === null || model.continuesAssistant ? '' : house.continueNudge;
  const read = { ...options, expand };
  const fixed = await fitFixedText({
    options,
    counts,
    budget,
    tail,
    expand,
    hasRoom: (room) => window.fits({ ...read, room }),
  });
  const { kept, openingCost, continueCost } = fixed;

  const room = budget - fixed.total;
  const history = await window.read({ ...read, room });
  if (history.tokens > room) {
    throw new InvalidInputError(
      `The last message takes ${history.tokens} tokens, and beside ${card.name} ${model.label} can see ${room}: shorten it, or choose a model with a longer memory.`,
      { code: 'message-too-long', details: { needed: history.tokens, available: room } },
    );
  }
  const dropped = [...fixed.dropped];
  if (history.dropped.messages > 0) dropped.push({ kind: 'history', tokens: 0, messages: history.dropped.messages });
  const fixedChat = toFixedChat({ kept, opening: house.opening, expand });
  const prompt: LanguageModelV4Prompt = structuredClone(fixedChat);
  for (const { node, text } of history.messages) {
    addToChat(prompt, { role: node.author.kind === 'human' ? 'user' : 'assistant', text });
  }
  if (options.continueText !== null) addToChat(prompt, { role: 'assistant', text: options.continueText });
  if (tail) addToChat(prompt, { role: 'user', text: tail });

  return {
    prompt,
    // Where nobody greeted, the first words join the opening message.
    stableMessages: prompt[fixedChat.length]?.role === 'assistant' ? fixedChat.length : fixedChat.length - 1,
    segments: [
      ...kept.map(({ kind, tokens }) => ({ kind, tokens, stable: true })),
      { kind: 'opening', tokens: openingCost, stable: true },
      ...historySegments(history.messages),
      ...(options.continueText === null ? [] : [{ kind: 'continue', tokens: continueCost, stable: false }]),
    ],
    dropped,
    digest: createHash('sha256').update(JSON.stringify(prompt)).digest('hex'),
    maxOutputTokens,
    names,
  };
}

/** Counts what every turn sends and lets the examples go where the conversation needs their place. */
async function fitFixedText({
  options: { model, card, locale, continueText, signal },
  counts,
  budget,
  tail,
  expand,
  hasRoom,
}: {
  options: AssembleOptions;
  counts: TokenCounts;
  budget: number;
  tail: string;
  expand: (text: string) => string;
  /** True when the whole path fits into so many tokens. */
  hasRoom: (room: number) => Promise<boolean>;
}) {
  const segments = fixedSegments(card, locale);
  const around = [housePrompt(locale).opening, tail, continueText ?? ''];
  const counted = await counts.count(
    model,
    [...segments.map(({ text }) => expand(text)), ...around].map((text) => ({ key: text, text })),
    signal,
  );
  const [openingCost = 0, tailCost = 0, beginningCost = 0] = counted.counts.slice(segments.length);
  const continueCost = tailCost + beginningCost;
  const turns = parseExampleDialogue(card.exampleDialogue).length;
  const all = segments.map((segment, index) => ({
    ...segment,
    tokens: (counted.counts[index] ?? 0) + (segment.kind === 'examples' ? turns * TEMPLATE_TOKENS : 0),
  }));
  const sum = (list: typeof all) =>
    list.reduce((total, segment) => total + segment.tokens, openingCost + continueCost + 4 * TEMPLATE_TOKENS);
  const examples = all.find(({ kind }) => kind === 'examples');
  const crowded =
    examples !== undefined && (sum(all) > budget * CHARACTER_SHARE || !(await hasRoom(budget - sum(all))));
  const kept = crowded ? all.filter((segment) => segment !== examples) : all;
  const total = sum(kept);
  if (total + TEMPLATE_TOKENS > budget) {
    throw new InvalidInputError(
      `${card.name} takes ${total} tokens, and ${model.label} can see ${budget}: choose a model with a longer memory, or shorten the character.`,
      { code: 'context-too-small', details: { needed: total, available: budget } },
    );
  }
  const dropped: AssembledPrompt['dropped'] = crowded
    ? [{ kind: 'examples', tokens: examples.tokens, messages: 0 }]
    : [];
  return { kept, dropped, total, openingCost, continueCost };
}

function fixedSegments(card: CardText, locale: Locale): FixedSegment[] {
  const house = housePrompt(locale);
  const under = (heading: string, text: string) => `${heading}\n${text.trim()}`;
  const frame =
    card.systemPrompt.trim() === '' ? house.frame : card.systemPrompt.replaceAll(/\{\{original\}\}/gi, house.frame);
  const segments = [
    { kind: 'house', text: frame },
    { kind: 'character', text: card.description.trim() && under(house.character, card.description) },
    { kind: 'personality', text: card.personality.trim() && under(house.personality, card.personality) },
    { kind: 'scenario', text: card.scenario.trim() && under(house.scenario, card.scenario) },
    { kind: 'examples', text: card.exampleDialogue.trim() },
  ];
  return segments.filter((segment) => segment.text !== '');
}

/** What every turn begins with: who speaks and how, a few turns as an example, and the line where it begins. */
function toFixedChat({
  kept,
  opening,
  expand,
}: {
  kept: readonly FixedSegment[];
  opening: string;
  expand: (text: string) => string;
}): LanguageModelV4Message[] {
  const examples = kept.find(({ kind }) => kind === 'examples')?.text ?? '';
  const turns = parseExampleDialogue(examples);
  const told = turns.length > 0 ? kept.filter(({ kind }) => kind !== 'examples') : kept;
  const chat: LanguageModelV4Message[] = [
    { role: 'system', content: expand(told.map(({ text }) => text).join('\n\n')) },
  ];
  for (const { role, text } of turns) addToChat(chat, { role, text: expand(text) });
  addToChat(chat, { role: 'user', text: opening });
  return chat;
}

function historySegments(messages: readonly HistoryMessage[]): AssembledPrompt['segments'] {
  const newest = messages.at(-1);
  if (!newest) return [];
  const before = messages.slice(0, -1);
  const sum = before.reduce((total, message) => total + message.tokens, 0);
  return [
    ...(before.length > 0 ? [{ kind: 'history', tokens: sum, stable: false, messages: before.length }] : []),
    { kind: 'message', tokens: newest.tokens, stable: false, messages: 1 },
  ];
}

/** Two in a row from one side become one message: strict templates and providers refuse them otherwise. */
function addToChat(chat: LanguageModelV4Message[], { role, text }: { role: 'user' | 'assistant'; text: string }): void {
  const last = chat.at(-1);
  const lastPart = last && last.role === role ? last.content.at(-1) : undefined;
  if (lastPart?.type === 'text') lastPart.text = `${lastPart.text}\n\n${text}`;
  else chat.push({ role, content: [{ type: 'text', text }] });
}
