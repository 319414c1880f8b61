import { describe, expect, test } from 'vitest';
import { closeOpenMarks, remarkNarration, withoutMarks } from './narration.ts';
import type { MarkdownNode } from './narration.ts';
import { isPlain, parsePlain } from './plain-markdown.ts';

/** "n:words" for narration, "s:words" for stress, "b:words" for strong, bare words for the rest; | between paragraphs. */
function read(text: string): string {
  const tree = parsePlain(text);
  remarkNarration()(tree);
  return (tree.children ?? []).map((paragraph) => (paragraph.children ?? []).map(show).join('')).join('|');
}
function show(node: MarkdownNode): string {
  if (node.type === 'text') return node.value ?? '';
  const words = (node.children ?? []).map(show).join('');
  if (node.type === 'strong') return `[b:${words}]`;
  return `[${node.data?.hProperties?.['data-kind'] === 'narration' ? 'n' : 's'}:${words}]`;
}

describe('narration', () => {
  test.each([
    ['*She opens the door.*', '[n:She opens the door.]'],
    ['*She smiles.* Come in.', '[n:She smiles.] Come in.'],
    ['You rowed here in *this*?', 'You rowed here in [s:this]?'],
    ['Sit. *He points at the chair.* Please.', 'Sit. [n:He points at the chair.] Please.'],
    ['Hello.\n*waves*', 'Hello.\n[n:waves]'],
    ['*她笑了。*你来了', '[n:她笑了。]你来了'],
    ['你来了。*她把门推开*坐吧。*她笑。*', '你来了。[n:她把门推开]坐吧。[n:她笑。]'],
    ['这是*我的*灯', '这是[s:我的]灯'],
    ['**Bosun** sleeps. *purrs softly by the stove*', '[b:Bosun] sleeps. [n:purrs softly by the stove]'],
    ['First.\n\nSecond.', 'First.|Second.'],
    ['2 * 3 * 4 is more', '2 * 3 * 4 is more'],
    ['** not strong **', '** not strong **'],
    ['', ''],
  ])('%j', (text, expected) => {
    expect(read(text)).toBe(expected);
  });
});

describe('a text that needs the whole markdown reader', () => {
  test.each([
    '# Title',
    '- one\n- two',
    '1. one',
    '`code`',
    '> quote',
    '[a](b)',
    '<b>x</b>',
    '| a |',
    'see https://x.org',
    '~~no~~',
    '_a_',
    '---',
    '    code',
    'a\\*b',
    '&amp;',
    '***both***',
    '![x](http://evil/p.png)',
  ])('%j', (text) => {
    expect(isPlain(text)).toBe(false);
  });
  test.each(['*She nods.* Yes.', '“好。”她说。', 'a - b', '**bold** words', 'Two\nlines'])('not %j', (text) => {
    expect(isPlain(text)).toBe(true);
  });
});

describe('closeOpenMarks', () => {
  test.each([
    ['*She ha', '*She ha*'],
    ['*She hands* you', '*She hands* you'],
    ['Done.\n\n*', 'Done.\n\n'],
    ['**bold** and *open', '**bold** and *open*'],
    ['no marks', 'no marks'],
  ])('%j', (text, expected) => {
    expect(closeOpenMarks(text)).toBe(expected);
  });
});

test('announcements carry no marks', () => {
  expect(withoutMarks('*She nods.*\n\n**Yes**, `ok`.')).toBe('She nods. Yes, ok.');
});
