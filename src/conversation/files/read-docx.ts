import { TextMeter, UnreadableFileError, type FileSection } from './file-text.ts';
import { sectionsByHeading } from './html-sections.ts';
import { openSafeZip } from './read-zip.ts';

const DOCUMENT = 'word/document.xml';

/** The text under each heading. The archive is looked through first: the library that reads it knows no limits. */
export async function readDocx(bytes: Uint8Array): Promise<FileSection[]> {
  const zip = await openSafeZip(bytes);
  if (!zip.has(DOCUMENT)) throw new UnreadableFileError('damaged');
  for (const part of [DOCUMENT, 'word/styles.xml', 'word/numbering.xml', 'word/footnotes.xml', 'word/endnotes.xml']) {
    if (zip.has(part)) await zip.read(part);
  }
  const { default: mammoth } = await import('mammoth');
  const noPictures = mammoth.images.imgElement(async () => ({ src: '' }));
  const converted = await mammoth
    .convertToHtml({ buffer: Buffer.from(bytes) }, { convertImage: noPictures })
    .catch((error: unknown) => {
      throw new UnreadableFileError('damaged', error);
    });
  const meter = new TextMeter();
  const sections = sectionsByHeading(meter.add(converted.value));
  if (sections.length === 0) throw new UnreadableFileError('no-text');
  return sections;
}
