/** Bytes of one line: above what any message with its swipes holds, far below what harms. */
export const MAX_LINE_BYTES = 8 * 1024 * 1024;

const NEWLINE = 0x0a;

/** `text` is null for a line that is longer than the limit. Lines count from 1. */
export interface TextLine {
  number: number;
  text: string | null;
}

/** UTF-8 lines of any length of file in bounded memory; a byte-order mark and carriage returns are taken off. */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  maxBytes: number = MAX_LINE_BYTES,
): AsyncGenerator<TextLine> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let waiting: Uint8Array[] = [];
  let size = 0;
  let number = 1;
  const take = (last: Uint8Array): TextLine => {
    const isTooLong = size + last.length > maxBytes;
    const whole = waiting.length === 0 ? last : Buffer.concat([...waiting, last]);
    const text = isTooLong ? null : decoder.decode(whole).replace(/\r$/, '');
    const line = { number, text: number === 1 && text !== null ? text.replace(/^\uFEFF/, '') : text };
    waiting = [];
    size = 0;
    number += 1;
    return line;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      yield take(chunk.subarray(start, end));
      start = end + 1;
    }
    const rest = chunk.subarray(start);
    size += rest.length;
    // What is too long already is only counted.
    if (size <= maxBytes && rest.length > 0) waiting.push(rest);
    else if (size > maxBytes) waiting = [];
  }
  if (size > 0) yield take(new Uint8Array(0));
}
