import type { MarkdownNode } from './narration.ts';

/** Anything that could mean more than paragraphs, `*…*` and `**…**` to a markdown reader. */
const MORE_THAN_PLAIN =
  /[`#>[\]_~|<\\&]|^ {0,3}(?:[-+*=]|\d+[.)])\s|^ {0,3}[-*=]{2,}\s*$|^(?: {4}|\t)|https?:|www\.|\S@\S|\*{3,}/mu;

/** True when `parsePlain` reads the text as a full markdown reader would. */
export function isPlain(text: string): boolean {
  return !MORE_THAN_PLAIN.test(text);
}

/** Paragraphs with narration and strong words: what nearly every chat message is made of. */
export function parsePlain(text: string): MarkdownNode {
  const paragraphs = text
    .split(/\n[^\S\n]*\n/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '');
  return {
    type: 'root',
    children: paragraphs.map((paragraph) => ({ type: 'paragraph', children: parseMarks(paragraph) })),
  };
}

/** `**strong**` here; single marks stay text, which `remarkNarration` pairs. */
function parseMarks(text: string): MarkdownNode[] {
  return text.split(/\*\*(?!\s)([^*\n]*[^*\s])\*\*/).flatMap((value, index): MarkdownNode[] => {
    if (value === '') return [];
    const words: MarkdownNode = { type: 'text', value };
    return index % 2 === 0 ? [words] : [{ type: 'strong', children: [words] }];
  });
}
