import { tidyText, UnreadableFileError, type FileSection } from './file-text.ts';

/** Of the first so many bytes, control characters that no text has say that it is none. */
const LOOK_BYTES = 64 * 1024;
const HEADING = /^ {0,3}#{1,6}\s+(\S.*?)\s*#*\s*$/;
const FENCE = /^ {0,3}(?:```|~~~)/;

/** Text in UTF-8, UTF-16 or, as Chinese files often are, GB 18030. */
export function decodeText(bytes: Uint8Array): string {
  const [first, second, third] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  const body = first === 0xef && second === 0xbb && third === 0xbf ? bytes.subarray(3) : bytes;
  if (looksBinary(body)) throw new UnreadableFileError('binary');
  for (const encoding of ['utf-8', 'gb18030']) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(body);
    } catch {
      // The next encoding may fit.
    }
  }
  throw new UnreadableFileError('binary');
}

function looksBinary(bytes: Uint8Array): boolean {
  for (const byte of bytes.subarray(0, LOOK_BYTES)) {
    if (byte < 9 || (byte > 13 && byte < 27) || (byte > 27 && byte < 32)) return true;
  }
  return false;
}

/** Markdown by its headings; every other text as one section, which is told by its lines. */
export function readPlain(bytes: Uint8Array, { isMarkdown }: { isMarkdown: boolean }): FileSection[] {
  const text = decodeText(bytes);
  if (text.trim() === '') throw new UnreadableFileError('no-text');
  // Tables and code keep every space.
  const whole = text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[\p{Cc}]/gu, (character) => (character === '\n' || character === '\t' ? character : ''));
  return isMarkdown ? byHeadings(whole) : [{ placeKind: 'lines', place: '', text: whole }];
}

function byHeadings(text: string): FileSection[] {
  const sections: FileSection[] = [];
  let lines: string[] = [];
  let place = '';
  let fenced = false;
  const close = () => {
    const body = tidyText(lines.join('\n'));
    if (body !== '') sections.push({ placeKind: 'heading', place, text: body });
    lines = [];
  };
  for (const line of text.split('\n')) {
    if (FENCE.test(line)) fenced = !fenced;
    const title = fenced ? undefined : HEADING.exec(line)?.[1];
    if (title !== undefined) {
      close();
      place = title.slice(0, 200);
    }
    lines.push(line);
  }
  close();
  return sections;
}
