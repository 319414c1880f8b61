import { fileTypeFromBuffer } from 'file-type';
import type { AttachmentKind } from '../../../contract/attachments.ts';

export interface DetectedFile {
  kind: AttachmentKind;
  mediaType: string;
  isMarkdown: boolean;
}

const KINDS: Record<string, Exclude<AttachmentKind, 'text'>> = {
  'application/pdf': 'pdf',
  'application/epub+zip': 'epub',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'image/png': 'image',
  'image/apng': 'image',
  'image/jpeg': 'image',
  'image/webp': 'image',
  'image/gif': 'image',
};
/** Types that have a signature and are text all the same. */
const TEXTUAL = /^(?:text\/|application\/(?:xml|json|x-ndjson|rtf$)|image\/svg\+xml)/;

/**
 * What a file is by its bytes; its name only tells markdown from other text. Null for kinds the house cannot read, with
 * the media type where the bytes say one.
 */
export async function detectFile(
  bytes: Uint8Array,
  name: string,
): Promise<{ file: DetectedFile } | { file: null; mediaType: string | null }> {
  const type = (await fileTypeFromBuffer(bytes))?.mime;
  const kind = type === undefined ? undefined : KINDS[type];
  if (type !== undefined && kind !== undefined) {
    return { file: { kind, mediaType: type === 'image/apng' ? 'image/png' : type, isMarkdown: false } };
  }
  // A rich text's words are hidden among its commands.
  if (type !== undefined && (!TEXTUAL.test(type) || type === 'application/rtf' || type === 'text/rtf'))
    return { file: null, mediaType: type };
  const isMarkdown = /\.(?:md|markdown|mdx)$/i.test(name);
  return { file: { kind: 'text', mediaType: isMarkdown ? 'text/markdown' : 'text/plain', isMarkdown } };
}
