import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { Locale } from '../../contract/common.ts';
import { samplingPresetSchema, type SamplingPreset } from '../../contract/conversations.ts';
import type { ToolPart } from '../../contract/tool-parts.ts';
import type { Clock } from '../base/clock.ts';
import { isAbort } from '../base/errors.ts';
import type { Failure } from '../conversation/tree-types.ts';
import type { Meter } from '../metering/meter.ts';
import type { BillableModel, EngineOptions, ModelFacts, WarmReport } from '../models/spec/model-handle.ts';
import type { ModelDirectory } from '../models/routing/model-directory.ts';
import type { Db } from '../storage/storage.ts';
import type { MemoryOfTurns } from './ask-memory.ts';
import type { AssembledPrompt } from './assemble-prompt.ts';
import type { TurnRecord } from './commit-turn.ts';
import type { ReplyFilter } from './generate.ts';
import { HistoryWindow } from './history-window.ts';
import { HumanWords, type HumanTurnRequest } from './human-words.ts';
import { housePrompt } from './house-prompt.ts';
import { OtherVoicesFilter } from './other-voices-filter.ts';
import { OwnNameFilter } from './own-name-filter.ts';
import { samplingFor } from './sampling-presets.ts';
import {
  affinityOf,
  createTurnPreparation,
  type FilesOfTurns,
  type PreparedTurn,
  type PrepareTurn,
} from './prepare-turn.ts';
import { TokenCounts } from './token-counts.ts';
import { TurnBill, type OpenStream } from './turn-bill.ts';
import { replyWithTools } from './tool-loop.ts';
import type { ToolsOfTurns } from './tool-turn.ts';
import { toFailure } from './turn-failure.ts';
import { toReceipt, type ReceiptBody, type TurnProgress } from './turn-receipt.ts';
import type { TurnRequest, WarmTurnRequest } from './turn-request.ts';

/** One reply as it comes into being. `turn-end` is always the last part. */
export type TurnPart =
  | { type: 'prompt-progress'; evaluated: number; reused: number; total: number }
  | { type: 'text-delta'; text: string }
  | { type: 'reasoning-delta'; text: string }
  /** A tool is called, or a call got further; the next words begin anew after it. */
  | { type: 'tool-change'; part: ToolPart }
  | ({ type: 'turn-end'; state: 'done' | 'stopped' | 'failed'; failure: Failure | null } & TurnEnd);

/** Receipt and record are null when there was no model or no prompt. */
interface TurnEnd {
  receipt: ReceiptBody | null;
  record: TurnRecord | null;
  /** To be settled by whoever commits the reply; absent where it is settled already or nobody is billed here. */
  bill?: TurnBill;
}

/** A reply as it would be asked for. */
export interface PlannedCall {
  modelRef: string;
  /** As people call the model. */
  modelLabel: string;
  seesPictures: boolean;
  call: Omit<LanguageModelV4CallOptions, 'abortSignal'>;
  /** What the reply begins with, whatever the model says. */
  prefill: string;
  /** Lets through what belongs to the reply. */
  filter: ReplyFilter;
}

export interface TurnRunner {
  run(request: TurnRequest): AsyncGenerator<TurnPart>;
  /** The prompt of the next reply, without asking for one. */
  preview(request: TurnRequest): Promise<TurnRecord>;
  /** The call that a reply would be, for whoever asks the model themselves. */
  plan(request: TurnRequest): Promise<PlannedCall>;
  /** Prepares the engine for the next turn of a conversation; undefined where there is nothing to prepare. */
  warm(request: WarmTurnRequest): Promise<WarmReport | undefined>;
  /** The next message of a person as a model would write it. */
  impersonate(request: HumanTurnRequest): AsyncGenerator<string>;
  /** At most three short things that a person could say. */
  suggest(request: HumanTurnRequest): Promise<string[]>;
}

export function createTurnRunner({
  db,
  directory,
  clock,
  meter = null,
  memory,
  files = null,
  tools = null,
}: {
  db: Db;
  directory: ModelDirectory;
  clock: Clock;
  /** Null: nobody is billed. */
  meter?: Meter | null;
  memory: MemoryOfTurns | null;
  files?: FilesOfTurns | null;
  tools?: ToolsOfTurns | null;
}): TurnRunner {
  const counts = new TokenCounts();
  const history = new HistoryWindow(counts);
  const prepare = createTurnPreparation({ db, clock, counts, history, memory, files, tools });
  const human = new HumanWords({ db, directory, counts, history });
  return {
    impersonate: (request) => human.impersonate(request),
    suggest: (request) => human.suggest(request),
    run: (request) => runTurn({ request, db, directory, clock, meter, counts, tools, prepare }),
    preview: async (request) => {
      const model = await directory.resolve(request.conversation.model, request.signal);
      return (await prepare(model, request)).record;
    },
    plan: (request) => planCall({ request, directory, prepare }),
    warm: async (request) => {
      const { conversation, signal } = request;
      const model = await directory.resolve(conversation.model, signal);
      if (!model.warm) return undefined;
      const seed = `${conversation.id} ${request.endId ?? ''}`;
      const begun = { ...request, continueText: null, trigger: 'normal', seed } as const;
      const { record, template } = await prepare(model, begun, { onlySteady: true });
      const { prompt, tools: told, stableMessages } = record.assembled;
      return model.warm({
        prompt,
        tools: told,
        options: { affinity: affinityOf(request), stableMessages, keepState: true, ...(template ? { template } : {}) },
        signal,
      });
    },
  };
}

async function planCall({
  request,
  directory,
  prepare,
}: {
  request: TurnRequest;
  directory: ModelDirectory;
  prepare: PrepareTurn;
}): Promise<PlannedCall> {
  const model = await directory.resolve(request.conversation.model, request.signal);
  const prepared = await prepare(model, request);
  const { assembled } = prepared.record;
  const preset = samplingPresetSchema.parse(request.conversation.preset);
  const { abortSignal: _none, ...call } = toCall({ model, prepared, preset, request });
  const filter = newFilter(assembled, { ownName: request.card.name, begun: assembled.prefill !== '' });
  return {
    modelRef: model.ref,
    modelLabel: model.label,
    seesPictures: model.seesPictures === true,
    call,
    prefill: assembled.prefill,
    filter,
  };
}

interface TurnHouse {
  db: Db;
  directory: ModelDirectory;
  clock: Clock;
  meter: Meter | null;
  counts: TokenCounts;
  tools: ToolsOfTurns | null;
  prepare: PrepareTurn;
}

async function* runTurn({ request, ...house }: TurnHouse & { request: TurnRequest }): AsyncGenerator<TurnPart> {
  const turn: RunningTurn = { request, house, progress: beginProgress(house.clock.monotonic()), bill: null };
  try {
    yield* writeTurn(turn);
    yield await endTurn(turn, { state: request.signal.aborted ? 'stopped' : 'done', failure: null });
  } catch (error) {
    const reason: unknown = turn.bill?.signal.aborted && !request.signal.aborted ? turn.bill.signal.reason : error;
    const isStopped = request.signal.aborted || isAbort(reason);
    yield await endTurn(
      turn,
      isStopped ? { state: 'stopped', failure: null } : { state: 'failed', failure: toFailure(reason) },
    );
  } finally {
    // Nobody read to the end.
    await turn.bill?.settle(house.db);
  }
}

interface RunningTurn {
  request: TurnRequest;
  house: TurnHouse;
  progress: TurnProgress;
  model?: ModelFacts;
  prepared?: PreparedTurn;
  /** Null where nobody is billed here, and as soon as somebody else settles it. */
  bill: TurnBill | null;
}

async function* writeTurn(turn: RunningTurn): AsyncGenerator<TurnPart> {
  const { request, progress, house } = turn;
  const { directory, clock, counts, tools, prepare, meter } = house;
  const model = await directory.resolve(request.conversation.model, request.signal);
  turn.model = model;
  const prepared = await prepare(model, request);
  turn.prepared = prepared;
  const { assembled } = prepared.record;
  if (meter && !request.commission) turn.bill = await TurnBill.begin(meter, { model, request, assembled });
  const preset = samplingPresetSchema.parse(request.conversation.preset);
  const call = toCall({ model, prepared, preset, request });
  const goesOnInWords = request.continueText !== null && request.begunParts?.at(-1)?.type !== 'tool';
  const begun = assembled.prefill !== '' || (goesOnInWords && model.continuesAssistant);
  if (assembled.prefill !== '') yield { type: 'text-delta', text: assembled.prefill };
  yield* replyWithTools({
    model,
    open: turn.bill?.open ?? unbilled(model, request),
    call,
    begun,
    // Small models take a room's lines for a play and write the others' first; under its own name it speaks itself.
    ownBeginning: model.continuesAssistant && !begun && assembled.others.length > 0 ? `${assembled.names.char}:` : null,
    progress,
    clock,
    counts,
    tools,
    signal: request.signal,
    newFilter: (isBegun) => newFilter(assembled, { ownName: request.card.name, begun: isBegun }),
    offered: prepared.offered,
    oneCall: request.commission?.tools?.oneCall ?? false,
    show: prepared.show,
    conversation: { ...request.conversation, characterId: request.character.id },
    replyId: request.seed,
    prompt: prepared.record,
  });
}

/** What the platform ordered it meters; without a meter there are no books. */
function unbilled(model: BillableModel, { commission }: TurnRequest): OpenStream {
  const { languageModel } = model.billed({ unbilled: commission ? 'metered-by-who-ordered' : 'measurement' });
  return async (asked) => (await languageModel.doStream(asked)).stream;
}

/** The last part. Of a call much is said that is never kept: its bill is settled here. */
async function endTurn(
  turn: RunningTurn,
  ending: Pick<Extract<TurnPart, { type: 'turn-end' }>, 'state' | 'failure'>,
): Promise<TurnPart> {
  const { request, house, progress, model, prepared, bill } = turn;
  const now = house.clock.monotonic();
  turn.bill = null;
  bill?.close({
    outcome: ending.state,
    errorCode: ending.failure?.code ?? null,
    firstTokenInMs: progress.firstTokenAt === null ? null : progress.firstTokenAt - progress.startedAt,
    durationInMs: now - progress.startedAt,
  });
  const cost = bill && request.spoken ? await bill.settle(house.db) : null;
  const handedOn = bill && !request.spoken ? { bill } : {};
  if (!model || !prepared) return { type: 'turn-end', ...ending, ...handedOn, receipt: null, record: null };
  const preset = samplingPresetSchema.parse(request.conversation.preset);
  const { record } = prepared;
  const receipt = toReceipt({ model, assembled: record.assembled, progress, preset, now });
  return { type: 'turn-end', ...ending, ...handedOn, receipt: cost ? { ...receipt, cost } : receipt, record };
}

function beginProgress(startedAt: number): TurnProgress {
  return {
    startedAt,
    firstTokenAt: null,
    finishReason: 'unknown',
    outputTokens: 0,
    cutTokens: 0,
    promptTokens: null,
    report: null,
    tools: [],
  };
}

/** Words of the character alone reach the reply, without its name before them. */
function newFilter(
  { names, others }: AssembledPrompt,
  { ownName, begun }: { ownName: string; begun: boolean },
): ReplyFilter {
  const own = new OwnNameFilter([names.char, ownName], { begun });
  return others.length === 0 ? own : new OtherVoicesFilter(others, { own, begun });
}

function toCall({
  model,
  prepared: { record, prompt, preset: body, template },
  preset,
  request,
}: {
  model: ModelFacts;
  prepared: PreparedTurn;
  preset: SamplingPreset;
  request: TurnRequest;
}): LanguageModelV4CallOptions {
  const { assembled } = record;
  const { seed, ...asked } = body.sampling;
  const sampling = { ...samplingFor(preset, model.sampling), ...withoutUndefined(asked) };
  const { wishes = {}, tools: commissioned } = request.commission ?? {};
  const options: EngineOptions = {
    affinity: affinityOf(request),
    stableMessages: assembled.stableMessages,
    sampling,
    keepState: request.passing === undefined,
    ...lastWordsBesideMemories(assembled),
    ...(template ? { template } : {}),
  };
  return {
    prompt,
    maxOutputTokens: assembled.maxOutputTokens,
    ...(sampling.temperature === undefined ? {} : { temperature: sampling.temperature }),
    ...(sampling.topP === undefined ? {} : { topP: sampling.topP }),
    ...(seed === undefined ? {} : { seed }),
    ...(assembled.tools.length === 0 ? {} : { tools: [...assembled.tools] }),
    ...(commissioned?.toolChoice && assembled.tools.length > 0 ? { toolChoice: commissioned.toolChoice } : {}),
    ...wishes,
    stopSequences: [...stopsOf(assembled, { locale: request.locale, model }), ...(wishes.stopSequences ?? [])],
    abortSignal: request.signal,
    providerOptions: { everwith: { ...options } as unknown as Record<string, never> },
  };
}

/**
 * A model that starts to speak for the person, or to write notes as the house does, has finished its own part. Providers
 * take few stops: among many names `OtherVoicesFilter` finds the end.
 */
function stopsOf(
  { names, others, messages }: AssembledPrompt,
  { locale, model }: { locale: Locale; model: ModelFacts },
): string[] {
  const speakers = model.place === 'provider' || others.length === 0 ? [names.user] : others;
  const stops = speakers.flatMap((name) => [`\n${name}:`, `\n${name}\uff1a`]);
  const isFramed = messages.some(({ pieces }) => pieces.some(({ chunk }) => chunk.kind === 'notes-frame'));
  if (!isFramed) return stops;
  const { notes, room } = housePrompt(locale);
  const end = others.length === 0 ? notes.end : room.notesEnd;
  return [
    ...stops,
    ...[notes.begin, end].map((mark) => mark.replace('{{char}}', names.char).replace('{{user}}', names.user)),
  ];
}

function lastWordsBesideMemories({ messages }: AssembledPrompt): Pick<EngineOptions, 'lastWords'> {
  const pieces = messages.findLast(({ role }) => role === 'user')?.pieces ?? [];
  const said = pieces.findLast(({ chunk }) => chunk.said);
  const besideMemories = pieces.some(({ chunk }) => chunk.kind.startsWith('memory') || chunk.kind === 'files');
  return said && besideMemories ? { lastWords: said.chunk.text } : {};
}

function withoutUndefined<T extends object>(record: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>;
  };
}
