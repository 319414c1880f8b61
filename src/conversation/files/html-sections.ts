import { convert } from 'html-to-text';
import { tidyText, type FileSection } from './file-text.ts';

const TITLE_LENGTH = 200;
const HEADING = /<h([1-6])\b[^>]*>([\s\S]*?)<\/h\1\s*>/gi;

/** The words of markup: no addresses, no pictures, tables as lines. */
export function htmlToText(html: string): string {
  const text = convert(html, {
    wordwrap: false,
    limits: { maxDepth: 100, maxInputLength: 16_000_000 },
    selectors: [
      { selector: 'a', options: { ignoreHref: true } },
      { selector: 'img', format: 'skip' },
      { selector: 'script', format: 'skip' },
      { selector: 'style', format: 'skip' },
      { selector: 'table', format: 'dataTable', options: { uppercaseHeaderCells: false } },
      ...(['h1', 'h2', 'h3', 'h4', 'h5', 'h6'] as const).map((selector) => ({
        selector,
        options: { uppercase: false },
      })),
    ],
  });
  return tidyText(text);
}

/** The first heading in markup, as plain words; empty where there is none. */
export function firstHeading(html: string): string {
  const found = new RegExp(HEADING.source, 'i').exec(html)?.[2];
  return found === undefined ? '' : oneLine(htmlToText(found));
}

/** What stands before the first heading, and under each. */
export function sectionsByHeading(html: string): FileSection[] {
  const starts = [...html.matchAll(HEADING)].map((match) => ({ at: match.index, title: match[2] ?? '' }));
  const pieces = [{ at: 0, title: '' }, ...starts].map(({ at, title }, index, all) => ({
    place: oneLine(htmlToText(title)),
    text: htmlToText(html.slice(at, all[index + 1]?.at ?? html.length)),
  }));
  return pieces.filter(({ text }) => text !== '').map((piece) => ({ placeKind: 'heading', ...piece }));
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, TITLE_LENGTH);
}
