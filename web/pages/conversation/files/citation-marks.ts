import type { MarkdownNode } from '../narration.ts';

/** `[3]`, `[1, 2]` and their full-width forms, as the server reads them. */
const MARK = /([[【]\s*\d{1,3}(?:\s*[,，、]\s*\d{1,3})*\s*[\]】])/;
/** Where a mark leads: an address no page has, so that nothing can be fetched. */
const ADDRESS = '#passage-';

interface LinkNode extends MarkdownNode {
  url?: string;
}

/** Makes links of the numbers that a reply was given; every other number stays words. */
export function remarkCitations({ numbers }: { numbers: ReadonlySet<number> }) {
  return (tree: MarkdownNode): void => walk(tree, numbers);
}

function walk(node: MarkdownNode, numbers: ReadonlySet<number>): void {
  if (node.children === undefined || node.type === 'link') return;
  node.children = node.children.flatMap((child) => (child.type === 'text' ? linked(child, numbers) : [child]));
  for (const child of node.children) walk(child, numbers);
}

function linked(text: MarkdownNode, numbers: ReadonlySet<number>): MarkdownNode[] {
  return (text.value ?? '').split(MARK).flatMap((value, index): MarkdownNode[] => {
    if (value === '') return [];
    const words: MarkdownNode = { type: 'text', value };
    if (index % 2 === 0) return [words];
    const named = [...value.matchAll(/\d+/g)].map(([number]) => Number(number));
    if (!named.every((number) => numbers.has(number))) return [words];
    return named.map((number): LinkNode => ({
      type: 'link',
      url: `${ADDRESS}${number}`,
      children: [{ type: 'text', value: String(number) }],
    }));
  });
}

/** The number that an address stands for; null for addresses of elsewhere. */
export function citedNumber(address: string | undefined): number | null {
  return address?.startsWith(ADDRESS) === true ? Number(address.slice(ADDRESS.length)) : null;
}
