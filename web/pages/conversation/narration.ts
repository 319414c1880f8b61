/** The little of a markdown tree (mdast) that is looked at here. */
export interface MarkdownNode {
  type: string;
  value?: string;
  children?: MarkdownNode[];
  data?: { hProperties?: Record<string, string> };
}

/**
 * Chat markdown: `*…*` is narration, not stress. CommonMark cannot close `*她笑了。*你来了` (a mark after a full stop
 * and before a letter is not "right-flanking"), so marks it left as text are paired here. Every `<em>` then gets a
 * `data-kind`: `narration` when it stands alone, begins a paragraph or ends a sentence, else `stress`.
 */
export function remarkNarration() {
  return (tree: MarkdownNode): void => walk(tree);
}

function walk(node: MarkdownNode): void {
  if (node.children === undefined || node.type === 'emphasis') return;
  node.children = node.children.flatMap((child) => (child.type === 'text' ? pairMarks(child) : [child]));
  for (const child of node.children) walk(child);
  if (node.type === 'paragraph') nameKinds(node, node.children);
}

function pairMarks(text: MarkdownNode): MarkdownNode[] {
  const parts = (text.value ?? '').split(/\*(?!\s)([^*\n]*[^*\s])\*/);
  if (parts.length < 3) return [text];
  return parts.flatMap((value, index): MarkdownNode[] => {
    if (value === '') return [];
    const words: MarkdownNode = { type: 'text', value };
    return index % 2 === 0 ? [words] : [{ type: 'emphasis', children: [words] }];
  });
}

function nameKinds(paragraph: MarkdownNode, children: MarkdownNode[]): void {
  const alone = children.length === 1;
  children.forEach((child, index) => {
    if (child.type !== 'emphasis') return;
    const before = children[index - 1];
    const begins = before === undefined || /\n\s*$/.test(plainText(before));
    const narration = alone || begins || soundsLikeNarration(plainText(child).trim());
    child.data = { hProperties: { 'data-kind': narration ? 'narration' : 'stress' } };
    if (alone) paragraph.data = { hProperties: { 'data-kind': 'narration' } };
  });
}

function soundsLikeNarration(words: string): boolean {
  const endsSentence = /[.!?…。！？~～—]["'”’」』)]*$/.test(words);
  return endsSentence || words.split(/\s+/).length > 3 || /[\u3400-\u9fff]{5,}/u.test(words);
}

function plainText(node: MarkdownNode): string {
  return node.value ?? (node.children ?? []).map((child) => plainText(child)).join('');
}

/** While a reply streams, a mark not closed yet would show as a bare asterisk: close it for the time being. */
export function closeOpenMarks(text: string): string {
  const tail = text.slice(text.lastIndexOf('\n\n') + 1);
  const marks = tail.replace(/\*\*/g, '').split('*').length - 1;
  if (marks % 2 === 0) return text;
  return /\*\s*$/.test(text) ? text.replace(/\*\s*$/, '') : `${text.trimEnd()}*`;
}

/** A message's words without marks, for announcements and previews. */
export function withoutMarks(text: string): string {
  return text
    .replace(/[*_`#>]+/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}
