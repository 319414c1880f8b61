import { describe, expect, test } from 'vitest';
import { createScriptedModel } from '../../models/scripted/scripted-model.ts';
import { parseCited } from './cited-sentences.ts';
import { saidSentences, shorten } from './said-sentences.ts';
import { lineOfMessage, type SummaryLine } from './summary-line.ts';
import { writeSummary } from './write-summary.ts';

const SAID: [string, string][] = [
  ['Ines', 'Hello there!'],
  ['Mira', 'Hello, how was the week?'],
  ['Ines', 'My sister Hedwig restores violins in Cremona, she finished a cello on Friday.'],
  ['Mira', 'A cello in Cremona, how wonderful.'],
  ['Ines', 'I do not like flying, so I take the train to Cremona in June.'],
  ['Mira', 'Will Hedwig meet you at the station?'],
];
const lines = SAID.map(([speaker, text], index) =>
  lineOfMessage({ id: `m${index}`, speaker, byHuman: speaker === 'Ines', text }, () => false),
).filter((line): line is SummaryLine => line !== undefined);

const write = (answer: string | null) => {
  const model =
    answer === null ? null : createScriptedModel({ memoryRules: [{ steps: [{ type: 'tokens', tokens: [answer] }] }] });
  return writeSummary({ layer: 'scene', lines, names: ['Ines', 'Mira'], model, signal: new AbortController().signal });
};

describe('a summary', () => {
  test('keeps what holds up, with the messages it rests on', async () => {
    const written = await write(
      JSON.stringify({
        sentences: [
          { lines: [3], text: "Ines's sister Hedwig restores violins in Cremona." },
          { lines: [5], text: 'Ines takes the train to Cremona in June because she does not like flying.' },
        ],
      }),
    );
    expect(written).toEqual([
      { text: "Ines's sister Hedwig restores violins in Cremona.", sources: ['m2'] },
      { text: 'Ines takes the train to Cremona in June because she does not like flying.', sources: ['m4'] },
    ]);
  });

  test('tells instead of invented words what was said in the lines they cite', async () => {
    const written = await write(
      JSON.stringify({ sentences: [{ lines: [3, 4], text: 'Hedwig lives in Vienna with 3 cats.' }] }),
    );
    expect(written[0]).toEqual({
      text: 'Ines: “My sister Hedwig restores violins in Cremona, she finished a cello on Friday.”',
      sources: ['m2'],
    });
    expect(written).toHaveLength(2);
    expect(written.map(({ text }) => text).join()).not.toMatch(/Vienna|cats/);
  });

  test('falls back to what was said where an answer cites nothing, loops or is no JSON', async () => {
    const extracted = await write(null);
    expect(extracted).toHaveLength(3);
    expect(extracted.flatMap(({ sources }) => sources)).toEqual(expect.arrayContaining(['m2', 'm4']));
    for (const answer of ['I cannot do that.', '{"sentences":[{"lines":[99],"text":"Ines moved to Porto."}]}', '']) {
      const written = await write(answer);
      expect(written.length).toBeGreaterThanOrEqual(2);
      expect(written.every(({ text }) => text.startsWith('Ines: “') || text.startsWith('Mira: “'))).toBe(true);
    }
  });

  test('is the same every time', async () => {
    expect(await write(null)).toEqual(await write(null));
  });

  test('reads the whole sentences of an answer that was cut off', () => {
    const cut = '{"sentences":[{"lines":[1,1],"text":"One  two."},{"lines":[2],"text":"Three fo';
    expect(parseCited(cut)).toEqual([{ lines: [1], text: 'One two.' }]);
    expect(parseCited('{"lines":"x"} {"lines":[1.5],"text":"a"}')).toEqual([{ lines: [], text: 'a' }]);
  });

  test('never tells a forbidden sentence', () => {
    const line = lineOfMessage(
      { id: 'm', speaker: 'Ines', byHuman: true, text: 'The code is 7719. The garden is lovely.' },
      (sentence) => sentence.includes('7719'),
    );
    expect(line?.sentences).toEqual(['The garden is lovely.']);
    expect(line?.evidence[0]?.text).not.toContain('7719');
  });
});

test('sentences are cut where they end, in both scripts', () => {
  expect(saidSentences('I met Dr. Ito. It was 3.5 km!  *waves* Really?')).toEqual([
    'I met Dr.',
    'Ito.',
    'It was 3.5 km!',
    'waves Really?',
  ]);
  expect(saidSentences('我来了。“你好！”她说。\n走吧')).toEqual(['我来了。', '“你好！”', '她说。', '走吧']);
  expect(shorten('one two three four', 12)).toBe('one two…');
});
