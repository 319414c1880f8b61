import { z } from 'zod';
import { InvalidInputError } from '../../src/base/errors.ts';
import type { RecallTurn } from '../../src/memory/recall/turn-index.ts';
import { jsonItems } from './json-items.ts';
import type { RecallCase, RecallQuestion } from './recall-case.ts';

/** xiaowu0162/LongMemEval, `longmemeval_s.json` and its like (2410.10813). */
const itemSchema = z
  .object({
    question_id: z.string().min(1),
    question_type: z.string().min(1),
    question: z.string().min(1),
    question_date: z.string(),
    haystack_session_ids: z.array(z.string()),
    haystack_dates: z.array(z.string()),
    haystack_sessions: z.array(
      z.array(
        z.object({ role: z.enum(['user', 'assistant']), content: z.string(), has_answer: z.boolean().optional() }),
      ),
    ),
    answer_session_ids: z.array(z.string()),
  })
  .refine(
    (item) =>
      item.haystack_sessions.length === item.haystack_session_ids.length &&
      item.haystack_sessions.length === item.haystack_dates.length,
    { message: 'haystack_sessions, haystack_session_ids and haystack_dates have different lengths' },
  );

const SECOND = 1000;

/**
 * LongMemEval as it was published: each question has a haystack of its own. Turns of user and assistant are both there
 * to be found. Evidence turns are those with `has_answer`; where a file marks none, only sessions are scored. Questions
 * whose answer is that it was never said (`…_abs`) have no evidence and are not counted. Times have no zone: UTC.
 */
export async function* readLongMemEval(file: string): AsyncGenerator<RecallCase> {
  let number = 0;
  for await (const item of jsonItems(file)) {
    number += 1;
    const parsed = itemSchema.safeParse(item);
    if (!parsed.success) throw new InvalidInputError(`${file}, item ${number}: ${z.prettifyError(parsed.error)}`);
    yield toCase(parsed.data, `${file}, ${parsed.data.question_id}`);
  }
}

function toCase(item: z.output<typeof itemSchema>, where: string): RecallCase {
  const turns: RecallTurn[] = [];
  const sessions = new Map<string, string>();
  const evidence: string[] = [];
  // Sessions do not stand in the order of their dates in every variant.
  const order = item.haystack_dates
    .map((date, index) => ({ index, at: instantOf(date, `${where}, haystack_dates.${index}`) }))
    .toSorted((a, b) => a.at - b.at || a.index - b.index);
  for (const { index, at } of order) {
    const session = item.haystack_session_ids[index] ?? '';
    for (const [turn, { role, content, has_answer: holds }] of (item.haystack_sessions[index] ?? []).entries()) {
      const id = `${session}#${index}.${turn + 1}`;
      const place = { parentId: turns.at(-1)?.id ?? null, conversationId: item.question_id, depth: turns.length };
      turns.push({ id, speaker: role, byHuman: role === 'user', text: content, at: at + turn * SECOND, ...place });
      sessions.set(id, session);
      if (holds === true) evidence.push(id);
    }
  }
  const question: RecallQuestion = {
    id: item.question_id,
    kind: item.question_type,
    ask: item.question,
    speaker: 'user',
    now: instantOf(item.question_date, `${where}, question_date`),
    path: turns.map(({ id }) => id),
    evidence,
    evidenceSessions: item.answer_session_ids,
    never: [],
    unanswerable: false,
  };
  const counted = !item.question_id.endsWith('_abs') && item.answer_session_ids.length > 0;
  const rest = { language: 'en', timeZone: 'UTC', turns, sessions, names: [] };
  return { id: item.question_id, ...rest, questions: counted ? [question] : [] };
}

/** "2023/05/30 (Tue) 23:40". */
function instantOf(text: string, where: string): number {
  const match = /^(\d{4})\/(\d{2})\/(\d{2})(?: \(\w+\))?(?: (\d{2}):(\d{2}))?$/.exec(text.trim());
  if (!match) throw new InvalidInputError(`${where}: “${text}” is no time such as “2023/05/30 (Tue) 23:40”.`);
  const [, year, month, day, hour = '0', minute = '0'] = match;
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute));
}
