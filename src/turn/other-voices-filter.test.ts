import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OtherVoicesFilter } from './other-voices-filter.ts';
import { OwnNameFilter } from './own-name-filter.ts';

/** What is shown of a reply that comes in these pieces. */
function shown(pieces: readonly string[], { begun = false } = {}): { text: string; isOver: boolean } {
  const own = new OwnNameFilter(['Mira'], { begun });
  const filter = new OtherVoicesFilter(['Bo', 'Ann Lee', '小明', 'J.R. (Jun)-1'], { own, begun });
  const text = pieces.map((piece) => filter.push(piece)).join('') + filter.end();
  return { text, isOver: filter.isOver };
}

describe('a reply in a room', () => {
  test.each([
    ['goes through whole', 'Hello there.\n\n*She waits.*', 'Hello there.\n\n*She waits.*'],
    ['ends where somebody else begins to speak', 'Hello.\nBo: Hi!\nMira: Oh.', 'Hello.'],
    ['ends before a name in bold, and one in Chinese', 'Well.\n\n**Ann Lee**: no', 'Well.'],
    ['ends at a full-width colon', '好的。\n小明：是吗', '好的。'],
    ['loses what it begins with of others, and its own name', 'Bo: Hi!\nMira: Oh, hello.', 'Oh, hello.'],
    ['ends at a name of odd letters', 'Well.\nJ.R. (Jun)-1: yes', 'Well.'],
    [
      'may name others',
      'Bo came.\nBo, come here: now.\nBoat: no name.',
      'Bo came.\nBo, come here: now.\nBoat: no name.',
    ],
    ['keeps a name that nothing follows', 'It was\nBo', 'It was\nBo'],
  ])('%s', (_, said, expected) => {
    expect(shown([said]).text).toBe(expected);
    expect(shown(said.split('')).text).toBe(expected);
  });

  test('is over once somebody else speaks, and not before', () => {
    expect(shown(['Hello.\n', 'Bo:']).isOver).toBe(true);
    expect(shown(['Hello.\n', 'Bo']).isOver).toBe(false);
  });

  test('ends at a name that comes with the end of the line before', () => {
    expect(shown([':Bo', '\nBo', ':']).text).toBe(':Bo');
    expect(shown(['Bo: *', '\nBo:']).text).toBe('');
    expect(shown(['Hello.', ' \n', 'Bo: Hi!'])).toMatchObject({ text: 'Hello. ', isOver: true });
  });

  test('that goes on with earlier words may begin with anything', () => {
    expect(shown(['Bo: said she'], { begun: true }).text).toBe('Bo: said she');
  });

  test('is the same however it is cut into pieces', () => {
    const word = fc.constantFrom('Bo', ':', '\n', ' ', 'Mira', '*', 'a', 'Ann', ' Lee', '小明', '：', 'hello');
    fc.assert(
      fc.property(fc.array(word, { maxLength: 20 }), fc.integer({ min: 1, max: 5 }), (words, size) => {
        const text = words.join('');
        const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
          text.slice(index * size, (index + 1) * size),
        );
        expect(shown(pieces).text.trim()).toBe(shown([text]).text.trim());
      }),
      { numRuns: 500 },
    );
  });
});
