import { expect, test } from 'vitest';
import type { MarkdownNode } from '../narration.ts';
import { citedNumber, remarkCitations } from './citation-marks.ts';

function marked(value: string, numbers: number[]): MarkdownNode[] {
  const tree: MarkdownNode = { type: 'root', children: [{ type: 'paragraph', children: [{ type: 'text', value }] }] };
  remarkCitations({ numbers: new Set(numbers) })(tree);
  return tree.children?.[0]?.children ?? [];
}
const linksOf = (nodes: MarkdownNode[]) =>
  nodes.flatMap((node) => ('url' in node ? [citedNumber(String(node.url))] : []));

test('only numbers that were given become links', () => {
  expect(linksOf(marked('It was 1931 [2], they say [9].', [1, 2]))).toEqual([2]);
  expect(linksOf(marked('Both [1, 2] and 【1】', [1, 2]))).toEqual([1, 2, 1]);
  expect(linksOf(marked('One of them [1, 7]', [1]))).toEqual([]);
});

test('what is no link keeps its words', () => {
  expect(marked('a [9] b', [1]).map(({ value }) => value)).toEqual(['a ', '[9]', ' b']);
});

test('an address of elsewhere is no number', () => {
  expect(citedNumber('https://example.org/#passage-1')).toBeNull();
  expect(citedNumber(undefined)).toBeNull();
});
