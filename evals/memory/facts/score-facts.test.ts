import { describe, expect, test } from 'vitest';
import type { DistilledFact } from '../../../src/memory/facts/distil/distil-turns.ts';
import { parseTranscript, type OwnConversation } from '../own-set.ts';
import { factReport, factReportText } from './fact-report.ts';
import { judgementKey, type Judgement } from './judged-facts.ts';
import { scoreFacts } from './score-facts.ts';
import { shareOf } from './wilson-interval.ts';

const conversation: OwnConversation = {
  ...parseTranscript(
    'small',
    [
      'title: Small',
      'language: en',
      'time-zone: Europe/Lisbon',
      'human: Ines',
      'character: Tomas',
      'setting: A mill.',
      '',
      '== 2026-01-12 20:15',
      '1 Ines: My brother Zé has a bakery in Porto, and a limp.',
      '2 Tomas: My sister kept the books.',
      '3 Ines: He opened it in May. I sold the roof to nobody.',
    ].join('\n'),
  ),
  questions: [],
  facts: [
    {
      about: 'user',
      text: 'Her brother Zé has a bakery in Porto since May',
      sources: ['1', '3'],
      words: ['bakery', 'May'],
    },
    { about: 'character', text: "Tomas' sister kept the books", sources: ['2'], words: ['sister', 'books'] },
    { about: 'user', text: 'Zé limps', sources: ['1'], words: ['limp'] },
  ],
};

function fact(turnId: string, quote: string): DistilledFact {
  return {
    about: 'user',
    subject: 'Ines',
    turnId,
    text: `Ines: ${quote}`,
    quote,
    language: 'en',
    saidAt: 0,
    validFrom: null,
    validTo: null,
    certainty: 'certain',
    due: null,
  };
}

function judged(...judgements: Judgement[]): ReadonlyMap<string, Judgement> {
  return new Map(judgements.map((each) => [judgementKey(each), each]));
}

describe('a fact of a machine', () => {
  test('is listed with the words that its source has of a listed fact, and with no fewer', () => {
    const verdicts = scoreFacts(
      conversation,
      [
        fact('1', 'My brother Zé has a BAKERY in Porto'),
        fact('1', 'My brother Zé'),
        fact('2', 'My sister kept'),
        fact('3', 'My bakery'),
      ],
      judged(),
    ).facts.map(({ verdict }) => verdict);
    expect(verdicts).toEqual(['listed', 'unjudged', 'unjudged', 'unjudged']);
  });

  test('is what a person judged it to be, over the list too', () => {
    const judgements = judged(
      { source: '3', text: 'Ines: I sold the roof  to nobody.', verdict: 'wrong', why: 'a joke' },
      { source: '1', text: 'Ines: My brother has a bakery', verdict: 'wrong', why: 'no name' },
    );
    const verdicts = scoreFacts(
      conversation,
      [fact('3', 'I sold the roof to nobody.'), fact('1', 'My brother has a bakery')],
      judgements,
    ).facts.map(({ verdict }) => verdict);
    expect(verdicts).toEqual(['wrong', 'wrong']);
  });
});

describe('a listed fact', () => {
  test('is found when the facts from its sources hold all of its words together', () => {
    const found = (...facts: DistilledFact[]): boolean[] =>
      scoreFacts(conversation, facts, judged()).listed.map((each) => each.found);
    expect(found(fact('1', 'has a bakery'))).toEqual([false, false, false]);
    expect(found(fact('1', 'has a bakery'), fact('3', 'opened it in May'))).toEqual([true, false, false]);
    expect(found(fact('2', 'has a bakery, in May'))).toEqual([false, false, false]);
  });
});

test('the report counts every share with its interval', () => {
  const scored = scoreFacts(
    conversation,
    [fact('1', 'a bakery and a limp'), fact('3', 'He opened it in May.'), fact('3', 'I sold the roof to nobody.')],
    judged({ source: '3', text: 'Ines: I sold the roof to nobody.', verdict: 'wrong', why: 'a joke' }),
  );
  const report = factReport([scored], { model: null, turns: 3, durationInMs: 6 });
  expect(report.overall).toMatchObject({ facts: 3, listed: 2, wrong: 1, unjudged: 0, right: 0 });
  expect(report.overall.precision?.share).toBeCloseTo(2 / 3);
  expect(report.overall.recall?.share).toBeCloseTo(2 / 3);
  expect(report.byKind['character']?.recall?.share).toBe(0);
  expect(report.byKind['character']?.precision).toBeNull();
  expect(report.perTurnInMs).toBe(2);
  expect(factReportText(report)).toContain('rules alone: 1 conversations, 3 turns');
});

test("Wilson's interval is right where the normal one is not", () => {
  // 81 of 263: Newcombe 1998, Statistics in Medicine 17:857, table I.
  expect(shareOf(0, 10)).toMatchObject({ share: 0, low: 0 });
  expect(shareOf(0, 10)?.high).toBeCloseTo(0.2775, 3);
  expect(shareOf(10, 10)?.low).toBeCloseTo(0.7225, 3);
  expect(shareOf(81, 263)?.low).toBeCloseTo(0.2553, 3);
  expect(shareOf(81, 263)?.high).toBeCloseTo(0.3662, 3);
  expect(shareOf(0, 0)).toBeNull();
});
