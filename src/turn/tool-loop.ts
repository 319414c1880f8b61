import type { LanguageModelV4CallOptions, LanguageModelV4Prompt, LanguageModelV4ToolCall } from '@ai-sdk/provider';
import type { ToolPart } from '../../contract/tool-parts.ts';
import { BoundedQueue } from '../base/bounded-queue.ts';
import type { Clock } from '../base/clock.ts';
import { AbortedError } from '../base/errors.ts';
import type { ModelFacts } from '../models/spec/model-handle.ts';
import { extendPrompt, type AssembledPrompt } from './assemble-prompt.ts';
import { emptyAnswer, generate, type Answer, type ReplyFilter } from './generate.ts';
import type { Chunk } from './prompt-chunks.ts';
import type { TurnPart } from './run-turn.ts';
import type { TokenCounts } from './token-counts.ts';
import { callChunk, parseInput, resultChunk } from './tool-chunks.ts';
import type { OpenStream } from './turn-bill.ts';
import type { EndedCall, OfferedTool, RunningCall, ToolsOfTurns } from './tool-turn.ts';
import type { TurnProgress } from './turn-receipt.ts';

/** Times that a model may call tools within one reply; then it has to answer with what it knows. */
const MOST_ROUNDS = 8;
/** Calls taken from one answer. */
const MOST_CALLS = 8;
/** Changes of calls that wait to be shown; each call has some five. */
const CHANGES_LIMIT = 1000;
/** Of the room that is left, what the results of one round may take: there may be more rounds. */
const RESULTS_SHARE = 0.6;
/** Tokens of a result that are always told. */
const LEAST_RESULT = 64;

export interface ToolLoopOptions {
  model: ModelFacts;
  /** Asks the model. */
  open: OpenStream;
  call: LanguageModelV4CallOptions;
  /** What of an answer is shown; `begun` where it goes on with words that are there. */
  newFilter: (begun: boolean) => ReplyFilter;
  begun: boolean;
  /** With what a model begins that spoke for nobody but others at first; null where it is left at that. */
  ownBeginning: string | null;
  progress: TurnProgress;
  clock: Clock;
  counts: TokenCounts;
  offered: readonly OfferedTool[];
  /** Of an answer only the first call counts. */
  oneCall: boolean;
  /** Null where nothing is offered. */
  tools: ToolsOfTurns | null;
  conversation: RunningCall['conversation'];
  /** The reply's id: calls are named by it. */
  replyId: string;
  signal: AbortSignal;
  /** A prompt with its pictures, as the model sees it. */
  show: (assembled: AssembledPrompt) => Promise<LanguageModelV4Prompt>;
  prompt: {
    /** As it was sent last; grows with every round. */
    assembled: AssembledPrompt;
  };
}

/**
 * An answer, and what follows from the tools it calls: the calls of one answer run at once, their results go back to the
 * model, and it answers again, up to eight times. Stopping the reply stops its calls.
 */
export async function* replyWithTools(options: ToolLoopOptions): AsyncGenerator<TurnPart> {
  const { open, progress, clock, offered, prompt, signal, newFilter } = options;
  let { call } = options;
  let count = 0;
  for (let round = 0; ; round += 1) {
    const answer = emptyAnswer();
    const filter = newFilter(round === 0 && options.begun);
    yield* generate({ open, call, progress, clock, filter, answer });
    if (round === 0 && options.ownBeginning !== null && isSilent(answer) && !signal.aborted) {
      prompt.assembled = extendPrompt(prompt.assembled, [await nudge(options, options.ownBeginning)]);
      call = { ...call, prompt: await options.show(prompt.assembled) };
      yield* generate({ open, call, progress, clock, filter: newFilter(false), answer });
    }
    const calls = answer.calls.slice(0, options.oneCall ? 1 : MOST_CALLS);
    if (calls.length === 0 || offered.length === 0 || round >= MOST_ROUNDS) return;
    const ended: EndedCall[] = [];
    yield* runCalls(options, { calls, ended, first: count });
    count += calls.length;
    if (signal.aborted) throw new AbortedError();
    if (ended.some(({ state }) => state === 'passed')) return;
    const more = await roundChunks(options, { answer: { ...answer, calls }, ended });
    prompt.assembled = extendPrompt(prompt.assembled, more);
    call = {
      ...call,
      prompt: await options.show(prompt.assembled),
      ...(round + 1 >= MOST_ROUNDS ? { toolChoice: { type: 'none' } } : {}),
    };
  }
}

function isSilent({ text, calls }: Answer): boolean {
  return calls.length === 0 && text.trim() === '';
}

/** Words at the end of a prompt that the model goes on from. */
async function nudge({ counts, model, signal }: ToolLoopOptions, text: string): Promise<Chunk> {
  const { counts: counted } = await counts.count(model, [{ key: text, text }], signal);
  return { kind: 'nudge', owner: '', role: 'assistant', text, stable: false, tokens: counted[0] ?? 0 };
}

/**
 * Runs the calls of one answer side by side and tells how each goes. Fills `ended` in the order of `calls`, which is also
 * the order in which they are first told of: a call is held back until those before it were.
 */
async function* runCalls(
  options: ToolLoopOptions,
  { calls, ended, first }: { calls: readonly LanguageModelV4ToolCall[]; ended: EndedCall[]; first: number },
): AsyncGenerator<TurnPart> {
  const changes = new BoundedQueue<{ index: number; part: ToolPart }>(CHANGES_LIMIT);
  const running = calls.map(async (call, index) => {
    const onChange = (part: ToolPart) => changes.push({ index, part });
    ended[index] = await runCall(options, { call, callId: `${options.replyId}-${first + index}`, onChange });
  });
  const all = Promise.all(running).finally(() => changes.end());
  const held = new Map<number, ToolPart>();
  let told = 0;
  for await (const { index, part } of changes) {
    if (index < told) yield { type: 'tool-change', part };
    else held.set(index, part);
    for (let next = held.get(told); next; next = held.get(told)) {
      told += 1;
      yield { type: 'tool-change', part: next };
    }
  }
  await all;
}

async function runCall(
  { offered, tools, conversation, clock, signal, progress }: ToolLoopOptions,
  { call, callId, onChange }: { call: LanguageModelV4ToolCall; callId: string; onChange: (part: ToolPart) => void },
): Promise<EndedCall> {
  const known = offered.find(({ name }) => name === call.toolName);
  const input = parseInput(call.input);
  let part: ToolPart = {
    type: 'tool',
    callId,
    serverId: known?.serverId ?? '',
    server: known?.server ?? '',
    tool: known?.tool ?? call.toolName.slice(0, 128),
    title: known?.title ?? '',
    input: input === undefined ? call.input.slice(0, 10_000) : JSON.stringify(input),
    output: '',
    state: 'running',
    durationInMs: 0,
    ...(known?.claims ? { claims: known.claims } : {}),
  };
  let startedAt = clock.monotonic();
  const change = (some: Partial<ToolPart>) => {
    if (some.state === 'running') startedAt = clock.monotonic();
    part = { ...part, ...some };
    onChange(part);
  };
  const end = (result: EndedCall): EndedCall => {
    const { description: _asked, ...rest } = part;
    part = rest;
    const ran = result.state === 'done' || result.state === 'failed';
    change({ ...result, durationInMs: ran ? clock.monotonic() - startedAt : 0 });
    progress.tools.push({
      callId,
      server: part.server,
      tool: part.tool,
      state: result.state,
      durationInMs: part.durationInMs,
    });
    return result;
  };
  if (!known || (!known.passed && !tools)) return end({ state: 'failed', output: `There is no tool “${part.tool}”.` });
  if (!input) return end({ state: 'failed', output: 'The arguments are no JSON object.' });
  if (known.passed || !tools) return end({ state: 'passed', output: '' });
  return end(await tools.call({ conversation, callId, offered: known, input, signal, onChange: change }));
}

/** What the round adds to the prompt: what the model thought, said and called, and what came of it. */
async function roundChunks(
  options: ToolLoopOptions,
  { answer, ended }: { answer: Answer; ended: readonly EndedCall[] },
): Promise<Chunk[]> {
  const { text, thoughts, calls } = answer;
  const said: Chunk = { kind: 'tool-call', owner: '', role: 'assistant', text, stable: false, tokens: 0 };
  const before: Chunk[] = [
    // Some providers refuse a call without the thoughts that led to it.
    ...thoughts.map((thought): Chunk => ({ ...said, text: JSON.stringify(thought), isPart: true })),
    ...(text.trim() === '' ? [] : [said]),
    ...calls.map(({ toolCallId, toolName, input, providerMetadata }) =>
      callChunk(
        {
          type: 'tool-call',
          toolCallId,
          toolName,
          input: parseInput(input) ?? {},
          ...(providerMetadata ? { providerOptions: providerMetadata } : {}),
        },
        0,
      ),
    ),
  ];
  const counted = await withTokens(options, before);
  const taken = counted.reduce((sum, { tokens }) => sum + tokens, 0);
  const each = Math.floor(((roomLeft(options.prompt.assembled) - taken) * RESULTS_SHARE) / calls.length);
  const results = await Promise.all(
    calls.map(async ({ toolCallId, toolName }, index) => {
      const { state, output } = ended[index] ?? { state: 'failed' as const, output: '' };
      const fitted = await fitText(options, { text: output, most: Math.max(LEAST_RESULT, each) });
      return resultChunk({ toolCallId, toolName, text: fitted.text, failed: state !== 'done' }, fitted.tokens);
    }),
  );
  return [...counted, ...results];
}

function roomLeft({ contextLength, maxOutputTokens, segments }: AssembledPrompt): number {
  return contextLength - maxOutputTokens - segments.reduce((sum, { tokens }) => sum + tokens, 0);
}

async function withTokens({ counts, model, signal }: ToolLoopOptions, chunks: readonly Chunk[]): Promise<Chunk[]> {
  const asked = chunks.map(({ text }) => ({ key: text, text }));
  const { counts: tokens } = await counts.count(model, asked, signal);
  return chunks.map((chunk, index) => ({ ...chunk, tokens: tokens[index] ?? 0 }));
}

/** A result cut to what the model can still see. */
async function fitText(
  { counts, model, signal }: ToolLoopOptions,
  { text, most }: { text: string; most: number },
): Promise<{ text: string; tokens: number }> {
  // No token is longer than the text it stands for: beyond this much nothing can fit.
  const worth = text.slice(0, most * 16).toWellFormed();
  const { counts: counted } = await counts.count(model, [{ key: worth, text: worth }], signal);
  const tokens = counted[0] ?? 0;
  if (worth.length === text.length && tokens <= most) return { text, tokens };
  const kept = worth.slice(0, Math.floor(worth.length * Math.min(1, most / Math.max(1, tokens)) * 0.95)).toWellFormed();
  return { text: `${kept}\n[the rest did not fit]`, tokens: Math.min(tokens, most) };
}
