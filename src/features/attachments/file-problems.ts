import { InvalidInputError } from '../../base/errors.ts';
import type { FileFault } from '../../conversation/files/file-text.ts';

const WORDS: Record<FileFault, (name: string) => string> = {
  damaged: (name) => `“${name}” is damaged or cut off: save it again in its program, then send it.`,
  encrypted: (name) => `“${name}” is protected by a password or a store: save a copy without protection.`,
  'no-text': (name) => `There are no words in “${name}”.`,
  scanned: (name) =>
    `“${name}” holds pictures of pages and no text: run it through text recognition, or send the pages as pictures.`,
  'too-long': (name) => `“${name}” holds more text than can be read (six million characters): split it.`,
  'too-large-unpacked': (name) => `“${name}” unpacks to more than is safe: send the file inside it on its own.`,
  binary: (name) => `“${name}” is not text: send a PDF, EPUB, Word or text file, or a picture.`,
  'too-slow': (name) => `“${name}” takes too long to read: split it, or save it as plain text.`,
};

/** Why a file cannot be read, and what helps. */
export function unreadableFile(name: string, fault: FileFault, cause?: unknown): InvalidInputError {
  return new InvalidInputError(WORDS[fault](name), {
    code: `attachment-${fault}`,
    field: 'body',
    details: { name },
    ...(cause === undefined ? {} : { cause }),
  });
}

/** Kinds with a remedy of their own. */
const REMEDIES: [RegExp, string][] = [
  [/cfb|msword|ms-excel|ms-powerpoint/, 'it is from an old Office program: save it as .docx or PDF'],
  [/spreadsheetml/, 'it is a spreadsheet: save the sheet as CSV'],
  [/presentationml/, 'it is a presentation: save it as PDF'],
  [/rtf|opendocument/, 'save it as .docx or PDF'],
  [/zip|rar|7z|gzip|tar|x-xz|zstd/, 'it is an archive: send the files in it'],
  [/^audio\/|^video\//, 'it is a recording: say it as a voice message, or send its transcript'],
  [/^image\//, 'save the picture as PNG, JPEG, WebP or GIF'],
];

/** A kind the house cannot read. */
export function unknownFile(name: string, mediaType: string | null): InvalidInputError {
  const remedy =
    REMEDIES.find(([pattern]) => pattern.test(mediaType ?? ''))?.[1] ??
    'send a PDF, EPUB, Word or text file, or a picture';
  return new InvalidInputError(`“${name}” cannot be read: ${remedy}.`, {
    code: 'attachment-kind',
    field: 'body',
    details: { name, mediaType },
  });
}
