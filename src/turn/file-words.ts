import type { Citation } from '../../contract/attachments.ts';
import type { Locale } from '../../contract/common.ts';
import { textOf, type MessageNode } from '../conversation/tree-types.ts';

interface FileWords {
  file: (name: string) => string;
  picture: (name: string, alt: string) => string;
  /** Before the passages. */
  heading: string;
  /** Where the reply is heard: numbers cannot be pressed in a call. */
  spokenHeading: string;
  place: Record<Citation['placeKind'], (place: string) => string>;
}

const WORDS: Record<Locale, FileWords> = {
  en: {
    file: (name) => `[File sent along: ${name}]`,
    picture: (name, alt) => `[Picture sent along: ${alt === '' ? name : alt}]`,
    heading:
      'Passages of the files in this conversation, each with its number. Answer from them where they hold the answer, and put the number of the passage in square brackets right after what you took from it, like this: [1]. Name only numbers that stand here. If they do not hold the answer, say so.',
    spokenHeading:
      'Passages of the files in this conversation. Answer from them where they hold the answer; if they do not, say so.',
    place: {
      page: (place) => `, page ${place}`,
      chapter: (place) => (place === '' ? '' : `, chapter “${place}”`),
      heading: (place) => (place === '' ? '' : `, “${place}”`),
      lines: (place) => `, lines ${place}`,
    },
  },
  'zh-CN': {
    file: (name) => `【附上的文件：${name}】`,
    picture: (name, alt) => `【附上的图片：${alt === '' ? name : alt}】`,
    heading:
      '下面是本次对话的文件中的片段，各有编号。能从中找到答案时就据此回答，并在引用之处后面用方括号写上片段的编号，像这样：[1]。只写这里有的编号。如果片段里没有答案，就直说没有。',
    spokenHeading: '下面是本次对话的文件中的片段。能从中找到答案时就据此回答；没有答案就直说。',
    place: {
      page: (place) => `，第${place}页`,
      chapter: (place) => (place === '' ? '' : `，章节“${place}”`),
      heading: (place) => (place === '' ? '' : `，“${place}”`),
      lines: (place) => `，第${place}行`,
    },
  },
};

export function filesHeading(locale: Locale, { spoken }: { spoken: boolean }): string {
  return spoken ? WORDS[locale].spokenHeading : WORDS[locale].heading;
}

/** A passage as a model reads it. */
export function passageWords(
  { number, name, placeKind, place }: Pick<Citation, 'number' | 'name' | 'placeKind' | 'place'>,
  { text, locale }: { text: string; locale: Locale },
): string {
  return `[${number}] ${name}${WORDS[locale].place[placeKind](place)}:\n${text.trim()}`;
}

/**
 * What a model reads of a message: its words, and what came along by name. Numbers of passages are taken out of earlier
 * replies, for in this turn they stand for others.
 */
export function wordsWithFiles({ parts }: Pick<MessageNode, 'parts'>, locale: Locale): string {
  const cited = parts.flatMap((part) => (part.type === 'citations' ? part.passages.map(({ number }) => number) : []));
  const words = cited.length === 0 ? textOf(parts) : withoutNumbers(textOf(parts), new Set(cited));
  const along = parts.flatMap((part) => {
    if (part.type === 'file') return [WORDS[locale].file(part.name)];
    return part.type === 'image' ? [WORDS[locale].picture(part.name, part.alt)] : [];
  });
  return [words, ...along].filter((text) => text.trim() !== '').join('\n');
}

/** `[3]`, `[1, 2]` and their full-width forms. */
export const CITATION_MARK = /[[【]\s*(\d{1,3}(?:\s*[,，、]\s*\d{1,3})*)\s*[\]】]/g;

function withoutNumbers(text: string, cited: ReadonlySet<number>): string {
  return text.replace(new RegExp(` ?${CITATION_MARK.source}`, 'g'), (mark, list: string) =>
    list.split(/\s*[,，、]\s*/).every((number) => cited.has(Number(number))) ? '' : mark,
  );
}
