import type { LanguageModelV4FunctionTool, LanguageModelV4Prompt } from '@ai-sdk/provider';
import type { InstructMarks, PresetBody } from '../../contract/prompts.ts';
import type { Clock } from '../base/clock.ts';
import { InvalidInputError } from '../base/errors.ts';
import type { PassageFinder } from '../memory/files/passage-finder.ts';
import { engineAffinity } from '../models/spec/engine-affinity.ts';
import type { ModelFacts } from '../models/spec/model-handle.ts';
import type { Db } from '../storage/storage.ts';
import { askMemory, type MemoryOfTurns } from './ask-memory.ts';
import { assemblePrompt, promptRoom, type AssembledPrompt } from './assemble-prompt.ts';
import type { TurnRecord } from './commit-turn.ts';
import { gatherFiles } from './gather-files.ts';
import { TurnGatherer } from './gather-turn.ts';
import type { HistoryWindow } from './history-window.ts';
import { renderInstruct } from './presets/render-instruct.ts';
import { withPictures, type PictureSource } from './show-pictures.ts';
import type { TokenCounts } from './token-counts.ts';
import type { OfferedTool, ToolsOfTurns } from './tool-turn.ts';
import type { TurnRequest } from './turn-request.ts';

/** What turns need to give files to models. */
export interface FilesOfTurns {
  finder: PassageFinder;
  pictures: PictureSource;
}

export interface PreparedTurn {
  record: TurnRecord;
  /** As it is sent, with its pictures. */
  prompt: LanguageModelV4Prompt;
  preset: PresetBody;
  /** Undefined where the model's own chat template counts. */
  template: InstructMarks | undefined;
  offered: readonly OfferedTool[];
  /** A prompt with its pictures, as the model sees it. */
  show: (assembled: AssembledPrompt) => Promise<LanguageModelV4Prompt>;
}

/** `onlySteady`: what changes from turn to turn (files, memories) is left out, as when an engine is warmed. */
export type PrepareTurn = (
  model: ModelFacts,
  request: TurnRequest,
  how?: { onlySteady: boolean },
) => Promise<PreparedTurn>;

/** Everything between a request for a reply and the call of the model: gather, ask files and memory, assemble. */
export function createTurnPreparation({
  db,
  clock,
  counts,
  history,
  memory,
  files,
  tools,
}: {
  db: Db;
  clock: Clock;
  counts: TokenCounts;
  history: HistoryWindow;
  memory: MemoryOfTurns | null;
  files: FilesOfTurns | null;
  tools: ToolsOfTurns | null;
}): PrepareTurn {
  const gatherer = new TurnGatherer({ db, clock, counts });
  return async (model, request, { onlySteady } = { onlySteady: false }) => {
    const { conversation, endId, pending, continueText, begunParts = [], signal } = request;
    const contextIsFull = history.isCut({
      conversationId: conversation.id,
      modelRef: model.ref,
      viewerId: request.room?.speaker.id ?? null,
    });
    const { material: gathered, leave } = await gatherer.gather(model, request, { contextIsFull });
    const { budget } = promptRoom(model, gathered.preset.body);
    const given =
      files && !onlySteady ? await gatherFiles({ db, clock, counts, ...files }, { model, request, budget }) : null;
    const material = { ...gathered, files: given };
    const asked =
      memory && request.passing === undefined ? await askMemory({ db, clock, memory, request, onlySteady }) : null;
    const offered = await offerTools(request, { model, tools });
    const place = { conversationId: conversation.id, endId, pending, continueText, begunParts };
    const assembled = await assemblePrompt(
      { db, model, material, ...place, memory: asked, tools: offered, signal },
      { counts, history },
    );
    const record = { model: { ref: model.ref, label: model.label }, assembled, legacy: leave() };
    const { instruct } = material.preset.body;
    const template = instruct === null ? undefined : renderInstruct(instruct, material);
    const pictures = request.passing?.pictures ?? files?.pictures;
    const show: PreparedTurn['show'] = async ({ messages, prompt }) =>
      pictures ? withPictures(prompt, { messages, source: pictures }) : prompt;
    requireTools(request, assembled);
    // What did not fit was not offered.
    const fitted = assembled.tools.length > 0 ? offered : [];
    return { record, prompt: await show(assembled), show, preset: material.preset.body, template, offered: fitted };
  };
}

/** Which state of an engine a turn goes on from: in a room each speaker has one. */
export function affinityOf({ conversation, room }: Pick<TurnRequest, 'conversation' | 'room'>): string {
  return engineAffinity(conversation.id, room?.speaker.id ?? null);
}

/** The functions of whoever ordered the reply, else the tools of the house that are on. */
async function offerTools(
  request: TurnRequest,
  { model, tools }: { model: ModelFacts; tools: ToolsOfTurns | null },
): Promise<readonly OfferedTool[]> {
  const { commission, passing } = request;
  if (passing !== undefined) return [];
  if (commission?.tools) return commission.tools.offered.map(toOffered);
  return tools && model.tools ? tools.offer(request) : [];
}

function toOffered({ name, description, inputSchema, strict }: LanguageModelV4FunctionTool): OfferedTool {
  return {
    name,
    serverId: '',
    server: 'API',
    tool: name,
    title: '',
    description: description ?? '',
    inputSchema: JSON.stringify(inputSchema),
    ...(strict === undefined ? {} : { strict }),
    passed: true,
  };
}

/** Whoever brings functions of their own is told where they do not fit. */
function requireTools({ commission, card }: TurnRequest, { tools, contextLength }: AssembledPrompt): void {
  if (!commission?.tools || tools.length > 0) return;
  throw new InvalidInputError(
    `These tools take too much room beside ${card.name}, of whom the model can see ${contextLength} tokens: offer fewer, or describe them in fewer words.`,
    { code: 'tools-too-long', field: 'tools' },
  );
}
