import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DraftText, type FieldShape } from './draft-text.ts';
import { tidyField } from './tidy-field.ts';

/** What is shown on the way, and what is kept at the end, when the answer comes in pieces. */
function read(shape: FieldShape, pieces: readonly string[], cut = false): { shown: string; kept: string } {
  const text = new DraftText(shape);
  const shown = pieces.map((piece) => text.push(piece)).join('');
  return { shown, kept: text.end({ cut }) };
}

const letters = (text: string) => Array.from(text);

describe('an answer', () => {
  test.each<[string, FieldShape, string, string]>([
    ['JSON', 'text', '{"name": "Otto \\"Ox\\" \\u00d6"}', 'Otto "Ox" Ö'],
    ['JSON with a surrogate pair', 'text', '{"name": "\\ud83c\\udf0a"}', '🌊'],
    ['JSON in a code fence', 'text', '```json\n{"name": "Otto"}\n```', 'Otto'],
    ['JSON after some talk', 'text', 'Sure! Here it is:\n{"name": "Otto"}', 'Otto'],
    ['plain words', 'text', '  Otto\n', 'Otto'],
    ['plain words in a fence', 'text', '```\nOtto\n```', 'Otto'],
    ['a macro', 'text', '{{char}} nods.', '{{char}} nods.'],
    ['JSON on the line of its fence', 'text', '```{"name": "Otto"}```', 'Otto'],
    ['a list', 'list', '{"tags": ["sea", "night"]}', 'sea, night'],
    ['a bare list', 'list', '["sea","night"]', 'sea, night'],
    ['plain words for a list', 'list', 'sea, night', 'sea, night'],
    [
      'exchanges',
      'dialogue',
      '{"exchanges":[{"user":"Hm?","char":"Aye.\\nAye."},{"user":"Bye","char":"*nods*"}]}',
      '<START>\n{{user}}: Hm?\n{{char}}: Aye.\nAye.\n{{user}}: Bye\n{{char}}: *nods*',
    ],
    ['nothing', 'text', '', ''],
    ['JSON without words', 'text', '{"name": 7}', ''],
  ])('as %s is read, however it is cut into tokens', (_what, shape, answer, kept) => {
    expect(read(shape, [answer]).kept).toBe(kept);
    expect(read(shape, letters(answer)).kept).toBe(kept);
  });

  test('in JSON is shown while it is written', () => {
    const text = new DraftText('text');
    expect(text.push('{"description": "She ke')).toBe('She ke');
    expect(text.push('eps\\')).toBe('eps');
    expect(text.push('nbees"')).toBe('\nbees');
    expect(text.push(', "more": "no"}')).toBe('');
  });

  test('that was cut off ends at a sentence, and a dialogue at a line', () => {
    expect(read('text', ['{"d": "One. Two! Thr'], true).kept).toBe('One. Two!');
    expect(read('text', ['{"d": "只有一句。还没'], true).kept).toBe('只有一句。');
    expect(read('text', ['{"d": "No sentence at all'], true).kept).toBe('No sentence at all');
    const cut = '{"exchanges":[{"user":"a","char":"b"},{"user":"c","char":"half of';
    expect(read('dialogue', [cut], true).kept).toBe('<START>\n{{user}}: a\n{{char}}: b\n{{user}}: c');
  });

  test('of any kind is survived, and JSON strings are read exactly', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom<FieldShape>('text', 'list', 'dialogue'),
        (any, shape) => {
          expect(typeof read(shape, letters(any)).kept).toBe('string');
        },
      ),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), fc.boolean(), (words, ascii) => {
        const json = JSON.stringify({ text: words });
        const answer = ascii
          ? json.replace(/[^\0-~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
          : json;
        expect(read('text', letters(answer)).shown).toBe(words);
      }),
    );
  });
});

describe('a field is tidied', () => {
  const names = { char: 'Mira' };
  test.each([
    ['name', '"Mira."\nand more', 'Mira'],
    ['tagline', '“Keeper of the light”', 'Keeper of the light'],
    ['tags', '#sea, Sea, 1. night; a very long tag that is a whole sentence really\n- calm', 'sea, night, calm'],
    ['greeting', 'Mira: *She nods. Hello.', '*She nods. Hello.*'],
    ['greeting', 'Look: a ship!', 'Look: a ship!'],
    ['exampleDialogue', 'User: Hm?\nMira: Aye.', '<START>\n{{user}}: Hm?\n{{char}}: Aye.'],
    ['exampleDialogue', '<start>\n{{user}}: user: Hm?\n{{char}}: Mira: Aye.', '<START>\n{{user}}: Hm?\n{{char}}: Aye.'],
    ['description', '  A keeper.\u0000 ', 'A keeper.'],
  ] as const)('%s: %j', (field, text, tidy) => {
    expect(tidyField(field, text, names)).toBe(tidy);
  });
});
