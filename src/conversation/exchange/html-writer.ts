import type { MessageNode } from '../tree-types.ts';
import { reasoningOf, speaker } from './text-writers.ts';
import type { WrittenChat } from './written-chat.ts';
import { writtenParts } from './written-parts.ts';
import { writtenTime, writtenWords, type WrittenWords } from './written-words.ts';

/** Light and dark as the reader's machine is; nothing is fetched from anywhere. */
const STYLE = `
:root{color-scheme:light dark;--paper:#fbf7f2;--ink:#2b2521;--soft:#6f655d;--line:#e6ddd2;--own:#f1e7dc;--ember:#b7431d}
@media (prefers-color-scheme:dark){:root{--paper:#171412;--ink:#ece5dd;--soft:#a79c92;--line:#2e2823;--own:#231e1a;--ember:#f0825c}}
body{margin:0;background:var(--paper);color:var(--ink);font:17px/1.65 system-ui,-apple-system,"Segoe UI","PingFang SC","Microsoft YaHei",sans-serif}
main{max-width:44rem;margin:0 auto;padding:2.5rem 1.25rem 4rem}
h1{font:600 1.9rem/1.25 Georgia,"Songti SC",serif;margin:0 0 .25rem}
header p{color:var(--soft);margin:0 0 2rem}
article{padding:1rem 0;border-top:1px solid var(--line)}
article.human>div{background:var(--own);border-radius:14px;padding:.6rem 1rem}
article.hidden{opacity:.65}
h2{font-size:1rem;margin:0 0 .35rem}
h2 small{font-weight:400;color:var(--soft);margin-left:.5rem}
p{margin:.5rem 0;white-space:pre-line;overflow-wrap:anywhere}
em{font-family:Georgia,"Songti SC",serif;color:var(--soft)}
details{color:var(--soft);margin:.5rem 0}
p.note{color:var(--soft);font-size:.85em;border-left:3px solid var(--line);padding-left:.7rem}
summary{cursor:pointer;color:var(--ember)}
`;

/** One page that needs nothing else: readable, printable, every word escaped. Swipes are left behind. */
export async function* writeHtml(chat: WrittenChat): AsyncGenerator<string> {
  const words = writtenWords(chat.locale);
  const title = escape(chat.title);
  yield `<!doctype html>
<html lang="${escape(chat.locale)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<header><h1>${title}</h1><p>${escape(words.with(chat.characterName, chat.userName))}</p></header>
`;
  for await (const { message } of chat.steps) yield article(message, words);
  yield '</main>\n</body>\n</html>\n';
}

function article(message: MessageNode, words: WrittenWords): string {
  const thoughts = reasoningOf(message);
  const classes = [message.author.kind, ...(message.hidden ? ['hidden'] : [])].join(' ');
  const time = new Date(message.createdAt).toISOString();
  const note = message.hidden ? ` · ${words.hidden}` : '';
  return `<article class="${classes}"><h2>${escape(speaker(message, words))}<small><time datetime="${time}">${writtenTime(
    message.createdAt,
  )}</time>${note}</small></h2><div>${
    thoughts === '' ? '' : `<details><summary>${words.thoughts}</summary>${paragraphs(thoughts)}</details>`
  }${body(message, words)}</div></article>\n`;
}

function body({ parts }: MessageNode, words: WrittenWords): string {
  return writtenParts(parts, words)
    .map(({ kind, text }) => (kind === 'said' ? paragraphs(text) : `<p class="note">${escape(text)}</p>`))
    .join('');
}

function paragraphs(text: string): string {
  return text
    .split(/\n{2,}/)
    .filter((part) => part.trim() !== '')
    .map((part) => `<p>${emphasis(escape(part.trim()))}</p>`)
    .join('');
}

/** Stars as writers of characters use them; on text that is escaped already. */
function emphasis(escaped: string): string {
  return escaped.replace(/\*\*([^*\n]+)\*\*/g, '<strong>$1</strong>').replace(/\*([^*\n]+)\*/g, '<em>$1</em>');
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
