import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stderr, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import type { CharacterSummary } from '../../contract/characters.ts';
import type { Receipt } from '../../contract/messages.ts';
import { systemClock } from '../../src/base/clock.ts';
import { silentLogger } from '../../src/base/logger.ts';
import { buildConfig } from '../../src/config/config.ts';
import { serve } from '../../src/serve.ts';
import { attach } from '../../tests/integration/support/attach.ts';
import { Caller, wordsOf } from '../../tests/integration/support/caller.ts';
import { lighthouseLog, NEVER_TOLD } from './lighthouse-log.ts';

const usage = `./everwith eval citations [options]

Asks the assistant of the house about a log of thirty pages, one question a conversation, with a real model: how often
the answer is right, and how often it names the passage that holds it, or the house finds that passage by its words.
Six questions more are about things that the log never tells.

  --model REF   the model that answers (local:qwen2.5-coder-0.5b); it has to be installed
  --first N     only the first N questions of each kind
  --json        one JSON object on standard output, with every answer`;

interface Asked {
  question: string;
  answer: string;
  /** Null where the log never tells it. */
  page: number | null;
  right: boolean;
  /** The page was among the passages that the model was given. */
  given: boolean;
  /** Pages that the model named, and pages that the house found. */
  named: string[];
  found: string[];
}

/** `./everwith eval citations …` */
export async function evalCitations(args: readonly string[], { signal }: { signal: AbortSignal }): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      model: { type: 'string', default: 'local:qwen2.5-coder-0.5b' },
      first: { type: 'string', default: '1000' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return void stdout.write(`${usage}\n`);
  await using stack = new AsyncDisposableStack();
  const ask = await openAssistant(stack, values.model, signal);
  const { pdf, questions } = lighthouseLog();
  const answers: Asked[] = [];
  for (const { question, page, answer } of questions.slice(0, Number(values.first))) {
    signal.throwIfAborted();
    answers.push(await ask({ question, page, answer, pdf }));
    stderr.write(`${answers.length}: ${JSON.stringify(answers.at(-1))}\n`);
  }
  for (const question of NEVER_TOLD.slice(0, Number(values.first))) {
    signal.throwIfAborted();
    answers.push(await ask({ question, page: null, answer: null, pdf }));
    stderr.write(`never told: ${JSON.stringify(answers.at(-1))}\n`);
  }
  const counts = count(answers);
  stdout.write(values.json ? `${JSON.stringify({ model: values.model, counts, answers })}\n` : report(counts));
}

interface Question {
  question: string;
  page: number | null;
  answer: RegExp | null;
  pdf: Buffer;
}

/** The real house on a folder of its own, with the weights that are installed. */
async function openAssistant(
  stack: AsyncDisposableStack,
  model: string,
  signal: AbortSignal,
): Promise<(question: Question) => Promise<Asked>> {
  const folder = await mkdtemp(join(tmpdir(), 'everwith-eval-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const environment = { ...process.env, EVERWITH_OFFLINE: '1', EVERWITH_PORT: '0' };
  const dataDirectory = join(folder, 'data');
  const config = buildConfig({
    flags: { data: dataDirectory, open: false },
    environment,
    platform: process.platform,
    callerDirectory: folder,
    readFile: () => undefined,
  });
  const house = stack.use(
    await serve({ config, logger: silentLogger(), clock: systemClock, environment, wake: false }),
  );
  await house.app.engines.choose(house.app.accounts.terminalActor, model, signal);
  const token = (await readFile(join(dataDirectory, 'terminal-token'), 'utf8')).trim();
  const owner = new Caller(() => house.address, { authorization: `Bearer ${token}` });
  const { characters } = await owner.call<{ characters: CharacterSummary[] }>('GET', '/api/characters');
  const assistant = characters.find(({ kind }) => kind === 'assistant');
  if (!assistant) throw new Error('The house has no assistant.');
  return ({ question, page, answer, pdf }) => askOne(owner, { characterId: assistant.id, question, page, answer, pdf });
}

async function askOne(
  owner: Caller,
  { characterId, question, page, answer, pdf }: Question & { characterId: string },
): Promise<Asked> {
  const { id } = await owner.begin(characterId);
  // Nothing else asks the model meanwhile.
  await owner.call('PATCH', `/api/conversations/${id}`, { memory: 'private', title: 'Log' });
  const file = await attach(owner, id, { name: 'log.pdf', bytes: pdf });
  await owner.say(id, 'Here is the log of the lighthouse.', { attachments: [file.id], reply: false });
  const { reply } = await owner.talk(id, question);
  const { files } = await owner.call<Receipt>('GET', `/api/messages/${reply.id}/receipt`);
  const cited = reply.parts.flatMap((part) => (part.type === 'citations' ? part.passages : []));
  const said = wordsOf(reply);
  return {
    question,
    answer: said,
    page,
    right: answer?.test(said) ?? false,
    given: files?.used.some(({ place }) => place === String(page)) ?? false,
    named: cited.flatMap(({ foundBy, place }) => (foundBy === undefined ? [place] : [])),
    found: cited.flatMap(({ foundBy, place }) => (foundBy === 'house' ? [place] : [])),
  };
}

interface Counts {
  told: { questions: number; given: number; right: number; named: number; namedRight: number } & Found;
  /** Of answers about what the log never tells: those that show a passage. */
  never: { questions: number; named: number; found: number };
}
interface Found {
  found: number;
  foundRight: number;
  /** Right answers below which the right passage stands, whoever named it. */
  rightWithPassage: number;
}

function count(answers: readonly Asked[]): Counts {
  const told = answers.filter(({ page }) => page !== null);
  const never = answers.filter(({ page }) => page === null);
  const hits = (of: 'named' | 'found') => told.filter((one) => one[of].includes(String(one.page))).length;
  return {
    told: {
      questions: told.length,
      given: told.filter(({ given }) => given).length,
      right: told.filter(({ right }) => right).length,
      named: told.filter(({ named }) => named.length > 0).length,
      namedRight: hits('named'),
      found: told.filter(({ found }) => found.length > 0).length,
      foundRight: hits('found'),
      rightWithPassage: told.filter(
        ({ right, named, found, page }) => right && [...named, ...found].includes(String(page)),
      ).length,
    },
    never: {
      questions: never.length,
      named: never.filter(({ named }) => named.length > 0).length,
      found: never.filter(({ found }) => found.length > 0).length,
    },
  };
}

function report({ told, never }: Counts): string {
  const lines = [
    `of ${told.questions} questions the page that answers was given for ${told.given}`,
    `right answers: ${told.right}`,
    `answers that name a passage: ${told.named}, the right one: ${told.namedRight}`,
    `answers for which the house found one: ${told.found}, the right one: ${told.foundRight}`,
    `right answers with their passage below: ${told.rightWithPassage} of ${told.right}`,
    `never told: ${never.questions}, with a passage named: ${never.named}, found: ${never.found}`,
  ];
  return `${lines.join('\n')}\n`;
}
