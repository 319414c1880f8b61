import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultRecallWeights } from '../../src/memory/recall/recall-weights.ts';
import { answerQuestions } from './answer-questions.ts';
import { readLocomo } from './locomo-set.ts';
import { readLongMemEval } from './longmemeval-set.ts';
import { readOwnCases } from './own-cases.ts';
import { pollutionOf, scoresOf, silenceAt } from './recall-metrics.ts';
import type { RecallCase } from './recall-case.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everwith-eval-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function write(name: string, value: unknown): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, typeof value === 'string' ? value : JSON.stringify(value));
  return file;
}

async function casesOf(cases: AsyncIterable<RecallCase>): Promise<RecallCase[]> {
  const all: RecallCase[] = [];
  for await (const one of cases) all.push(one);
  return all;
}

const lexically = { weights: defaultRecallWeights, cosinesOf: () => null, wanted: () => true };

const haystack = {
  question_id: 'q-1',
  question_type: 'single-session-user',
  question: 'Which instrument did I take up?',
  answer: 'the oboe',
  question_date: '2024/03/09 (Sat) 10:00',
  haystack_session_ids: ['later', 'earlier'],
  haystack_dates: ['2024/03/02 (Sat) 18:20', '2024/02/11 (Sun) 09:05'],
  haystack_sessions: [
    [
      { role: 'user', content: 'Could you plan a week of lunches?' },
      { role: 'assistant', content: 'Lentils on Monday, "soup" on Tuesday [warm].' },
    ],
    [
      { role: 'user', content: 'I took up a new instrument, the oboe.', has_answer: true },
      { role: 'assistant', content: 'How lovely {really}!' },
    ],
  ],
  answer_session_ids: ['earlier'],
};

describe('LongMemEval', () => {
  test('a file in its shape is read in the order of its dates, and scored by turn and session', async () => {
    const abstaining = { ...haystack, question_id: 'q-2_abs' };
    const cases = await casesOf(readLongMemEval(await write('lme.json', [haystack, abstaining])));
    expect(cases.map(({ questions }) => questions.length)).toEqual([1, 0]);
    const [one] = cases;
    expect(one!.turns.map(({ text, speaker }) => `${speaker}: ${text}`)[0]).toBe(
      'user: I took up a new instrument, the oboe.',
    );
    expect(one!.turns[0]!.at).toBe(Date.UTC(2024, 1, 11, 9, 5));
    expect(one!.questions[0]!.evidence).toEqual([one!.turns[0]!.id]);
    const scores = scoresOf(answerQuestions(one!, lexically).answers);
    expect(scores).toMatchObject({ questions: 1, mrr: 1, recall: { '@5': 1 }, session: { questions: 1, 'any@5': 1 } });
  });

  test('a file that marks no turns is scored by session only', async () => {
    const unmarked = {
      ...haystack,
      haystack_sessions: haystack.haystack_sessions.map((said) => said.map(({ role, content }) => ({ role, content }))),
    };
    const [one] = await casesOf(readLongMemEval(await write('unmarked.json', [unmarked])));
    expect(scoresOf(answerQuestions(one!, lexically).answers)).toMatchObject({
      questions: 0,
      session: { questions: 1, 'any@5': 1 },
    });
  });

  test.each([
    ['cut off', JSON.stringify([haystack]).slice(0, -40), 'ends in the middle of item 1'],
    ['no array', '"words"', 'holds no item'],
    ['prose', 'once upon a time', 'is no JSON array of objects'],
    ['bad JSON', '[{"question_id": tru}]', 'an item (1) that is not JSON'],
    ['a missing field', [{ ...haystack, question: undefined }], 'item 1: ✖ Invalid input'],
    ['a wrong date', [{ ...haystack, question_date: 'soon' }], 'q-1, question_date: “soon” is no time'],
    ['uneven lists', [{ ...haystack, haystack_dates: [] }], 'have different lengths'],
  ])('%s is refused with its place', async (name, value, message) => {
    const file = await write(`${name}.json`, value);
    await expect(casesOf(readLongMemEval(file))).rejects.toThrow(message);
  });

  test('a missing file is named', async () => {
    await expect(casesOf(readLongMemEval(join(folder, 'nowhere.json')))).rejects.toThrow('nowhere.json cannot be read');
  });

  test('a file that comes in many pieces is split rightly', async () => {
    const long = { ...haystack, question: `Which one? ${'\\"{[ 猫 '.repeat(40_000)}` };
    const cases = await casesOf(readLongMemEval(await write('long.json', [long, haystack, long])));
    expect(cases.map(({ questions }) => questions[0]!.ask.length)).toEqual([
      long.question.length,
      31,
      long.question.length,
    ]);
  });
});

describe('LoCoMo', () => {
  const talk = {
    sample_id: 'talk-1',
    conversation: {
      speaker_a: 'Ines',
      speaker_b: 'Tom',
      session_2_date_time: '12:05 am on 3 March, 2024',
      session_2: [
        { speaker: 'Tom', dia_id: 'D2:1', text: 'Look!', query: 'red kite', blip_caption: 'a kite over dunes' },
      ],
      session_1_date_time: '1:56 pm on 8 May, 2023',
      session_1: [{ speaker: 'Ines', dia_id: 'D1:1', text: 'I mend clocks.' }],
    },
    qa: [
      { question: 'What does Ines mend?', answer: 'clocks', evidence: ['D1:1'], category: 4 },
      { question: 'What flew over the dunes?', answer: 'a kite', evidence: ['D:2:01; D9:9'], category: 1 },
      { question: 'Nothing to go by?', answer: 'no', evidence: [], category: 3 },
      { question: 'Pointing nowhere?', answer: 'no', evidence: ['D7:1'], category: 3 },
    ],
  };

  test('sessions stand in order, pictures are words, evidence is read in every spelling', async () => {
    const [one] = await casesOf(readLocomo(await write('locomo.json', [talk])));
    expect(one!.turns.map(({ id, at }) => [id, new Date(at).toISOString()])).toEqual([
      ['D1:1', '2023-05-08T13:56:00.000Z'],
      ['D2:1', '2024-03-03T00:05:00.000Z'],
    ]);
    expect(one!.questions.map(({ kind, evidence }) => [kind, evidence])).toEqual([
      ['single-hop', ['D1:1']],
      ['multi-hop', ['D2:1']],
    ]);
    expect(scoresOf(answerQuestions(one!, lexically).answers)).toMatchObject({ questions: 2, mrr: 1 });
  });

  test('a time that is none is named with its session', async () => {
    const wrong = { ...talk, conversation: { ...talk.conversation, session_1_date_time: 'noon' } };
    await expect(casesOf(readLocomo(await write('wrong.json', [wrong])))).rejects.toThrow(
      'talk-1, session_1_date_time: “noon”',
    );
  });
});

test('our own set: discarded turns lie in the index, and no question on any branch finds them', async () => {
  await write(
    'mill.txt',
    `title: Mill
language: en
time-zone: Europe/Lisbon
human: Ines
character: Tomas
setting: A mill.

== 2026-01-12 20:15
1 Ines: Who keeps the mill books?
2 Tomas: My sister keeps the books of the mill.
2x Tomas ~2: My brother Anselmo keeps the books of the mill.
3 Ines: Then I shall ask her about the books.

== fork weir after 2 2026-01-13 09:00
w3 Ines: Does she keep the books at the weir too?
`,
  );
  const question = { ask: 'Who keeps the books of the mill?', answer: 'the sister', evidence: ['2'] };
  const questions = [
    { ...question, id: 'p1', kind: 'pollution', never: ['2x', 'w3'] },
    { ...question, id: 'p2', kind: 'pollution', never: ['2x', '3'], on: 'weir' },
    { id: 'n1', kind: 'never', ask: 'Which horse won?', answer: 'never said', evidence: [] },
  ];
  await write('mill.questions.jsonl', questions.map((one) => JSON.stringify(one)).join('\n'));
  await write('mill.facts.jsonl', '');
  const [one] = await casesOf(readOwnCases(join(folder, 'mill.txt')));
  expect(one!.turns.map(({ id }) => id)).toContain('2x');
  const { answers } = answerQuestions(one!, lexically);
  expect(answers.map(({ found }) => found.toSorted())).toEqual([['1', '2', '3'], ['1', '2', 'w3'], []]);
  expect(pollutionOf(answers)).toEqual({ probes: 2, clean: 2 });
  expect(silenceAt(answers, 0.1)).toEqual({ threshold: 0.1, silentOnNever: 1, wronglySilent: 0 });
  // The probe can fail: a path that holds the discarded turn is seen to leak.
  const leaking = { ...one!, questions: one!.questions.map((asked) => ({ ...asked, path: ['1', '2x', '3'] })) };
  expect(pollutionOf(answerQuestions(leaking, lexically).answers)).toEqual({ probes: 2, clean: 0 });
});
