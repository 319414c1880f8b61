import { z } from 'zod';
import { InvalidInputError } from '../../src/base/errors.ts';
import type { RecallTurn } from '../../src/memory/recall/turn-index.ts';
import { jsonItems } from './json-items.ts';
import type { RecallCase, RecallQuestion } from './recall-case.ts';

/** snap-research/locomo, `data/locomo10.json`. */
const turnSchema = z.object({
  speaker: z.string().min(1),
  dia_id: z.string().min(1),
  text: z.string(),
  /** What a picture shows, and what it was looked for with. */
  blip_caption: z.string().optional(),
  query: z.string().optional(),
});

const itemSchema = z.object({
  sample_id: z.string().min(1),
  conversation: z.looseObject({ speaker_a: z.string().min(1), speaker_b: z.string().min(1) }),
  qa: z.array(
    z.object({
      question: z.string().min(1),
      evidence: z.array(z.string()).default([]),
      category: z.int().min(1).max(5),
    }),
  ),
});

/** As the paper names them (2402.17753) and its code numbers them. */
const KINDS = ['', 'multi-hop', 'temporal', 'open-domain', 'single-hop', 'adversarial'] as const;

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const MONTHS = 'january february march april may june july august september october november december'.split(' ');

/**
 * LoCoMo as it was published. A picture's caption and search words count as words of the turn that shows it. Evidence
 * that is written in other ways ("D8:6; D9:17", "D:11:26") is read; ids that no turn has are left out, and questions
 * that then have no evidence are not counted. Adversarial questions (category 5) count: their evidence is where the
 * question comes from. Times have no zone and are read as UTC; a turn is a minute after the one before.
 */
export async function* readLocomo(file: string): AsyncGenerator<RecallCase> {
  let number = 0;
  for await (const item of jsonItems(file)) {
    number += 1;
    const parsed = itemSchema.safeParse(item);
    if (!parsed.success) throw new InvalidInputError(`${file}, item ${number}: ${z.prettifyError(parsed.error)}`);
    yield toCase(parsed.data, `${file}, ${parsed.data.sample_id}`);
  }
}

function toCase(item: z.output<typeof itemSchema>, where: string): RecallCase {
  const { speaker_a: first, speaker_b: second } = item.conversation;
  const turns: RecallTurn[] = [];
  const sessions = new Map<string, string>();
  for (const { name, at, said } of sessionsOf(item.conversation, where)) {
    for (const [index, { speaker, dia_id: id, text, query, blip_caption: caption }] of said.entries()) {
      const shown = [query, caption].filter(Boolean).join('. ');
      const parentId = turns.at(-1)?.id ?? null;
      const words = shown === '' ? text : `${text} [${shown}]`;
      const place = { parentId, conversationId: item.sample_id, depth: turns.length, at: at + index * MINUTE };
      turns.push({ id, speaker, byHuman: speaker === first, text: words, ...place });
      sessions.set(id, name);
    }
  }
  const path = turns.map(({ id }) => id);
  const now = (turns.at(-1)?.at ?? 0) + DAY;
  const questions = item.qa.flatMap(({ question, evidence, category }, index): RecallQuestion[] => {
    const found = evidenceIds(evidence).filter((id) => sessions.has(id));
    if (found.length === 0) return [];
    const id = `${item.sample_id}/${index + 1}`;
    const asked = { ask: question, speaker: undefined, now, path };
    return [{ id, kind: KINDS[category] ?? '', ...asked, evidence: found, never: [], unanswerable: false }];
  });
  return { id: item.sample_id, language: 'en', timeZone: 'UTC', turns, sessions, names: [first, second], questions };
}

function* sessionsOf(conversation: Record<string, unknown>, where: string) {
  const numbers = Object.keys(conversation)
    .flatMap((key) => /^session_(\d+)$/.exec(key)?.[1] ?? [])
    .map(Number)
    .toSorted((a, b) => a - b);
  if (numbers.length === 0) throw new InvalidInputError(`${where}: there is no session_1.`);
  for (const number of numbers) {
    const name = `session_${number}`;
    const said = z.array(turnSchema).safeParse(conversation[name]);
    if (!said.success) throw new InvalidInputError(`${where}, ${name}: ${z.prettifyError(said.error)}`);
    yield { name, at: instantOf(conversation[`${name}_date_time`], `${where}, ${name}_date_time`), said: said.data };
  }
}

/** "1:56 pm on 8 May, 2023". */
function instantOf(value: unknown, where: string): number {
  const match = /^(\d{1,2}):(\d{2}) (am|pm) on (\d{1,2}) (\w+), (\d{4})$/i.exec(
    typeof value === 'string' ? value.trim() : '',
  );
  const month = MONTHS.indexOf(match?.[5]?.toLowerCase() ?? '');
  if (!match || month < 0) {
    throw new InvalidInputError(`${where}: “${String(value)}” is no time such as “1:56 pm on 8 May, 2023”.`);
  }
  const hour = (Number(match[1]) % 12) + (match[3]?.toLowerCase() === 'pm' ? 12 : 0);
  return Date.UTC(Number(match[6]), month, Number(match[4]), hour, Number(match[2]));
}

function evidenceIds(evidence: readonly string[]): string[] {
  const ids = evidence.flatMap((text) => [...text.matchAll(/D:?(\d+):(\d+)/g)]);
  return [...new Set(ids.map(([, session, turn]) => `D${Number(session)}:${Number(turn)}`))];
}
