import type { Locale } from '../../contract/common.ts';
import type { MemoryReceipt, MemoryUse } from '../../contract/memory.ts';
import type { RecalledSummary, TurnMemory, TurnMemoryRequest } from '../memory/turn-memory.ts';
import type { Clock } from '../base/clock.ts';
import type { ModelFacts } from '../models/spec/model-handle.ts';
import { memoryHeading, memoryLines, summaryText, summaryUse, type MemoryLine } from './memory-lines.ts';
import type { Chunk } from './prompt-chunks.ts';
import type { TokenCounts } from './token-counts.ts';

/** Share of a prompt that memories may take, and the most tokens; less in a call, where each delays the voice. */
const NOTES_SHARE = { written: { share: 0.12, most: 900 }, spoken: { share: 0.06, most: 400 } } as const;
/** The same for what is told of the time before the window. */
const SUMMARY_SHARE = { share: 0.1, most: 600 } as const;
const SECTIONS: readonly MemoryLine['section'][] = ['memory-dates', 'memory-facts', 'memory'];

/** Memory as one prompt asks for it. */
export interface PromptMemory {
  memory: TurnMemory;
  request: TurnMemoryRequest;
  locale: Locale;
  clock: Clock;
  /** True while a turn is only prepared: what changes with every turn is not looked for. */
  onlySteady: boolean;
}

export interface ChosenMemories {
  /** Before the history; the same bytes as long as the window begins at the same message. */
  summary: Chunk[];
  /** Near the end of the prompt. */
  notes: Chunk[];
  receipt: MemoryReceipt;
}

interface Choosing {
  asked: PromptMemory;
  model: ModelFacts;
  counts: TokenCounts;
  /** Tokens the whole prompt may take. */
  budget: number;
}

/** Tokens that are kept free for memories. */
export function memoryRoom({ asked, budget }: Pick<Choosing, 'asked' | 'budget'>): { notes: number; summary: number } {
  const notes = NOTES_SHARE[asked.request.spoken ? 'spoken' : 'written'];
  return {
    notes: Math.min(notes.most, Math.floor(budget * notes.share)),
    summary: Math.min(SUMMARY_SHARE.most, Math.floor(budget * SUMMARY_SHARE.share)),
  };
}

/** What of memory goes into the prompt, once it is known which messages the model sees anyway. */
export async function chooseMemories(
  choosing: Choosing,
  { window, beforeId }: { window: ReadonlySet<string>; beforeId: string | null },
): Promise<ChosenMemories> {
  const { asked } = choosing;
  const room = memoryRoom(choosing);
  const { summaries, recalled: found } = await asked.memory.recall(asked.request, {
    window: asked.onlySteady ? null : window,
    beforeId,
    budgetTokens: room.summary,
  });
  const summary = await fitSummary(choosing, { summaries, room: room.summary });
  const lines = memoryLines(found, {
    locale: asked.locale,
    timeZone: asked.request.timeZone,
    now: asked.clock.now(),
    isSmallModel: choosing.model.fallback,
  });
  const { chosen, left } = await fitLines(choosing, { lines, room: room.notes });
  const notes = SECTIONS.flatMap((section) => sectionChunk(asked.locale, section, chosen));
  return {
    summary: summary.chunks,
    notes,
    receipt: {
      used: [...summary.used, ...chosen.map(({ line, tokens }) => ({ ...line.use, tokens }))],
      left,
      mode: found.mode,
      reason: found.reason,
      tookInMs: found.tookInMs,
    },
  };
}

async function fitSummary(
  { asked, model, counts }: Choosing,
  { summaries, room }: { summaries: readonly RecalledSummary[]; room: number },
): Promise<{ chunks: Chunk[]; used: MemoryUse[] }> {
  const { request, locale } = asked;
  if (summaries.length === 0) return { chunks: [], used: [] };
  const heading = summaryText([], locale);
  const texts = [heading, ...summaries.map(({ text }) => text)];
  const counted = await counts.count(
    model,
    texts.map((text) => ({ key: text, text })),
    request.signal,
  );
  let tokens = counted.counts[0] ?? 0;
  const kept = summaries.flatMap((summary, index) => {
    const cost = counted.counts[index + 1] ?? 0;
    if (tokens + cost > room) return [];
    tokens += cost;
    return [{ summary, cost }];
  });
  if (kept.length === 0) return { chunks: [], used: [] };
  const text = summaryText(
    kept.map(({ summary }) => summary),
    locale,
  );
  return {
    chunks: [{ kind: 'memory-summary', owner: '', role: 'system', text, stable: true, tokens }],
    used: kept.map(({ summary, cost }) => ({ ...summaryUse(summary), tokens: cost })),
  };
}

interface CountedLine {
  line: MemoryLine;
  tokens: number;
}

/** The first lines that fit; a long one in the way is passed over. */
async function fitLines(
  { asked, model, counts }: Choosing,
  { lines, room }: { lines: readonly MemoryLine[]; room: number },
): Promise<{ chosen: CountedLine[]; left: number }> {
  if (lines.length === 0) return { chosen: [], left: 0 };
  const headings = SECTIONS.map((section) => memoryHeading(section, asked.locale));
  const texts = [...headings, ...lines.map(({ text }) => text)];
  const counted = await counts.count(
    model,
    texts.map((text) => ({ key: text, text })),
    asked.request.signal,
  );
  let used = headings.reduce((sum, _, index) => sum + (counted.counts[index] ?? 0), 0);
  const chosen: CountedLine[] = [];
  for (const [index, line] of lines.entries()) {
    const tokens = (counted.counts[headings.length + index] ?? 0) + 1;
    if (used + tokens > room) continue;
    used += tokens;
    chosen.push({ line, tokens });
  }
  return { chosen, left: lines.length - chosen.length };
}

/** In the order of time. */
function sectionChunk(locale: Locale, section: MemoryLine['section'], chosen: readonly CountedLine[]): Chunk[] {
  const own = chosen.filter(({ line }) => line.section === section).toSorted((a, b) => a.line.at - b.line.at);
  if (own.length === 0) return [];
  return [
    {
      kind: section,
      owner: '',
      role: 'system',
      text: [memoryHeading(section, locale), ...own.map(({ line }) => line.text)].join('\n'),
      stable: false,
      tokens: own.reduce((sum, { tokens }) => sum + tokens, 0),
    },
  ];
}
