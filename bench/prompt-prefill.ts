import { unbilled } from '../tests/support/unbilled.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LanguageModelV4Prompt } from '@ai-sdk/provider';
import { systemClock } from '../src/base/clock.ts';
import { createIdGenerator } from '../src/base/ids.ts';
import { silentLogger } from '../src/base/logger.ts';
import { createLlamaHost, type LlamaHost } from '../src/models/llama/llama-host.ts';
import type { EngineReport, ModelHandle } from '../src/models/spec/model-handle.ts';
import { openStorage, type Storage } from '../src/storage/storage.ts';
import { createTurnRunner, type TurnRunner } from '../src/turn/run-turn.ts';
import { benchWeights } from './engine/bench-weights.ts';
import { furnish, placeName, placesBook, say, turnAt } from './prompt/lore-talk.ts';
import { printFigure } from './report/figure.ts';
import { beginConversation, nextMessage, type Talk } from './storage/seed-conversation.ts';
import { appendToPath } from '../src/conversation/conversation-tree.ts';

/*
 * Prompt tokens read again on the following turns of a talk in which lore comes and goes and a note stands at a depth:
 * the stable order against the same content in SillyTavern's default order, same model, same run. Counts do not depend
 * on how busy the machine is.
 */
const CONTEXT_LENGTH = 4096;
/** About 60 tokens each. */
const MESSAGES_BEFORE = 20;
const TURNS = 3;

const newId = createIdGenerator(systemClock);
const signal = new AbortController().signal;

async function evaluatedTokens(
  host: LlamaHost,
  { prompt, affinity, stableMessages }: { prompt: LanguageModelV4Prompt; affinity: string; stableMessages: number },
): Promise<EngineReport> {
  const { stream } = await host.languageModel.doStream({
    prompt,
    temperature: 0,
    maxOutputTokens: 8,
    providerOptions: { everwith: { affinity, stableMessages, keepState: true } },
  });
  for await (const part of stream) {
    if (part.type === 'error') throw part.error;
    if (part.type === 'finish') return part.providerMetadata?.['everwith'] as unknown as EngineReport;
  }
  throw new Error('The stream ended without a finish part.');
}

/** Tokens evaluated on the turns after the first, and how long the prompts were. */
async function measure(
  storage: Storage,
  { host, turns, talk, presetId }: { host: LlamaHost; turns: TurnRunner; talk: Talk; presetId: string },
): Promise<{ evaluated: number; total: number }> {
  const sum = { evaluated: 0, total: 0 };
  for (let turn = 0; turn <= TURNS; turn += 1) {
    await say(storage, {
      talk,
      text: `Tell me of the ${placeName(turn * 7)} and the ${placeName(turn * 3 + 1)}.`,
      newId,
    });
    const { assembled } = await turns.preview(await turnAt(storage, { talk, presetId, signal }));
    const { prompt, stableMessages } = assembled;
    const report = await evaluatedTokens(host, { prompt, affinity: presetId, stableMessages });
    await say(storage, { talk, text: 'She nods and pours the tea, and says that it was always so up there.', newId });
    console.error(`${presetId}, turn ${turn}: ${report.evaluatedPromptTokens} read, ${report.reusedPromptTokens} kept`);
    if (turn === 0) continue;
    sum.evaluated += report.evaluatedPromptTokens;
    sum.total += report.evaluatedPromptTokens + report.reusedPromptTokens;
  }
  return sum;
}

const folder = await mkdtemp(join(tmpdir(), 'everwith-bench-'));
try {
  const { chat } = await benchWeights();
  await using storage = await openStorage({ dataDirectory: folder, clock: systemClock });
  await using host = createLlamaHost({
    modelId: chat.name,
    modelPath: chat.path,
    modelSha256: chat.sha256,
    statesDir: join(folder, 'states'),
    contextLength: CONTEXT_LENGTH,
    maxSequences: 2,
    idleUnloadInMs: 0,
    logger: silentLogger(),
    clock: systemClock,
  });
  await host.load();
  const model: ModelHandle = {
    ref: 'local:bench',
    label: chat.name,
    place: 'this-computer',
    contextLength: CONTEXT_LENGTH,
    fallback: false,
    continuesAssistant: true,
    sampling: {},
    languageModel: host.languageModel,
    countTokens: (texts, stop) => host.countTokens(texts, stop),
  };
  const turns = createTurnRunner({
    db: storage.db,
    directory: { resolve: async () => unbilled(model) },
    clock: systemClock,
    memory: null,
  });
  const sums = new Map<string, { evaluated: number; total: number }>();
  for (const presetId of ['house-stable', 'house-classic']) {
    const talk = await beginConversation(storage, newId);
    await furnish(storage, { talk, book: placesBook(60), newId });
    await storage.transaction(async (trx) => {
      for (let index = 0; index < MESSAGES_BEFORE; index += 1) {
        talk.leaf = nextMessage(talk, newId);
        await appendToPath(trx, { conversation: talk.conversation, nodes: [talk.leaf] });
      }
    });
    // nextMessage lets the character speak first, so the path ends with the human: the character answers.
    await say(storage, { talk, text: 'She looks up from the stove.', newId });
    sums.set(presetId, await measure(storage, { host, turns, talk, presetId }));
  }
  const stable = sums.get('house-stable') ?? { evaluated: 0, total: 0 };
  const classic = sums.get('house-classic') ?? { evaluated: 0, total: 0 };
  console.error(
    `Prompts of ${TURNS} turns: ${stable.total} tokens in stable order, ${classic.total} in classic order.`,
  );
  printFigure({
    name: `prompt: tokens read again in ${TURNS} turns with lore and notes, stable against SillyTavern's order`,
    value: stable.evaluated,
    unit: 'tokens',
    reference: classic.evaluated,
    target: '<= 0.25x',
    pass: stable.evaluated <= 0.25 * classic.evaluated,
  });
} finally {
  await rm(folder, { recursive: true, force: true });
}
