import type { FileSection, ReadableKind } from './file-text.ts';
import { readDocx } from './read-docx.ts';
import { readEpub } from './read-epub.ts';
import { readPdf } from './read-pdf.ts';
import { readPlain } from './read-plain.ts';

/** The text of a file by its sections; throws `UnreadableFileError`. Runs in a process of its own. */
export async function readFileText(
  bytes: Uint8Array,
  { kind, isMarkdown }: { kind: ReadableKind; isMarkdown: boolean },
): Promise<FileSection[]> {
  switch (kind) {
    case 'text':
      return readPlain(bytes, { isMarkdown });
    case 'pdf':
      return readPdf(bytes);
    case 'epub':
      return readEpub(bytes);
    case 'docx':
      return readDocx(bytes);
    default:
      return kind satisfies never;
  }
}
