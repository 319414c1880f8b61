import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { stderr, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { cacheDirectory } from '../../../scripts/test-run/ensure-weights.ts';
import { InvalidInputError, errorMessage } from '../../../src/base/errors.ts';
import { distilTurns, type DistilledFact } from '../../../src/memory/facts/distil/distil-turns.ts';
import type { ModelHandle } from '../../../src/models/spec/model-handle.ts';
import { readOwnSet, type OwnConversation } from '../own-set.ts';
import { factReport, factReportText } from './fact-report.ts';
import { readJudgements } from './judged-facts.ts';
import { openChatModel } from './open-chat-model.ts';
import { scoreFacts, type ScoredConversation } from './score-facts.ts';

/** The model that every house can have; what is measured unless another is named. */
const FALLBACK_MODEL = 'qwen2.5-coder-0.5b';

export const factsUsage = `./everwith eval memory --facts --path FILE_OR_FOLDER [options]

Distils facts from the main line of conversations in our own format, with the rules and the model of the house, and
scores them by the listed facts (NAME.facts.jsonl) and by judgements of those that the list does not know
(evals/memory/judged/NAME.jsonl).

  --model REF   a language model of this computer; none: rules alone (${FALLBACK_MODEL})
  --list FILE   every fact with its verdict, one JSON object a line
  --json        one JSON object on standard output`;

interface FactsOptions {
  path: string;
  model: string | null;
  list: string | undefined;
  json: boolean;
}

/** `./everwith eval memory --facts …`; throws `InvalidInputError` for wrong options and malformed files. */
export async function evalFacts(args: readonly string[], { signal }: { signal: AbortSignal }): Promise<void> {
  const options = readFactsOptions(args);
  if (options === 'help') {
    stdout.write(`${factsUsage}\n`);
    return;
  }
  await using model = options.model
    ? await openChatModel({ ref: options.model, cacheDirectory: cacheDirectory(), signal })
    : null;
  const scored: ScoredConversation[] = [];
  let turns = 0;
  const began = performance.now();
  for (const conversation of await readOwnSet(fromCaller(options.path))) {
    const facts = await distil(conversation, { model: model?.handle ?? null, signal });
    turns += conversation.paths.get('main')?.length ?? 0;
    scored.push(scoreFacts(conversation, facts, await readJudgements(conversation.id)));
    stderr.write(`${conversation.id}: ${facts.length} facts\n`);
  }
  const durationInMs = performance.now() - began;
  if (options.list !== undefined) writeFileSync(fromCaller(options.list), listOf(scored));
  const report = factReport(scored, { model: model?.handle.ref ?? null, turns, durationInMs });
  stdout.write(options.json ? `${JSON.stringify(report)}\n` : factReportText(report));
}

function readFactsOptions(args: readonly string[]): FactsOptions | 'help' {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        facts: { type: 'boolean' },
        path: { type: 'string' },
        model: { type: 'string', default: FALLBACK_MODEL },
        list: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help) return 'help';
    if (values.path === undefined) throw new InvalidInputError('--path names the file or folder to read.');
    const { path, model, list, json } = values;
    return { path, model: model === 'none' ? null : model, list, json };
  } catch (error) {
    if (error instanceof InvalidInputError) throw error;
    throw new InvalidInputError(errorMessage(error), { cause: error });
  }
}

/** As the house does it, turn by turn along the main line. */
async function distil(
  conversation: OwnConversation,
  { model, signal }: { model: ModelHandle | null; signal: AbortSignal },
): Promise<DistilledFact[]> {
  const { human, character, timeZone } = conversation;
  const turns = (conversation.paths.get('main') ?? []).map(({ id, speaker, byHuman, text, at }) => ({
    id,
    speaker,
    byHuman,
    text,
    at,
  }));
  return await distilTurns({ turns, talkers: { human, character }, model, timeZone, signal });
}

function listOf(scored: readonly ScoredConversation[]): string {
  return scored
    .flatMap(({ id, facts }) =>
      facts.map(({ verdict, fact: { turnId, about, subject, text, certainty } }) =>
        JSON.stringify({ conversation: id, source: turnId, verdict, about, subject, certainty, text }),
      ),
    )
    .map((line) => `${line}\n`)
    .join('');
}

/** Where the caller stood: the launcher changes the folder. */
function fromCaller(path: string): string {
  return resolve(process.env['EVERWITH_CALLER_DIRECTORY'] ?? '.', path);
}
