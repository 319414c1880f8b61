import { expect, test } from 'vitest';
import { prepareText } from './prepare-text.ts';

const prepare = (text: string) => prepareText(text, { prefix: 'query: ', maxTokens: 16 });

test('what is empty, or only spaces and control characters, is not read', () => {
  for (const text of ['', '  \n\t ', '\u0000\u0001', '\u3000', '\u200b\ufeff']) expect(prepare(text)).toBeNull();
});

test('forms are folded, broken halves of characters mended, the prefix is put before', () => {
  expect(prepare('ＡＢＣ ①\u0000end')).toBe('query: ABC 1 end');
  expect(prepare('a\ud83d')).toBe('query: a');
});

test('ten million characters become what a model could read', () => {
  expect(prepare('word '.repeat(2_000_000))?.length).toBeLessThanOrEqual(16 * 16 + 'query: '.length);
});
