import type { getDocumentProxy } from 'unpdf';
import { TextMeter, tidyText, UnreadableFileError, type FileSection } from './file-text.ts';

/** Pages of the longest reference works. */
const MOST_PAGES = 5000;
/** Letters and digits a page has on average at least where its words are words; a scan has none, or a stamp. */
const LEAST_LETTERS = 4;

/** The text of each page. */
export async function readPdf(bytes: Uint8Array): Promise<FileSection[]> {
  const unpdf = await import('unpdf');
  const pdf = await unpdf.getDocumentProxy(new Uint8Array(bytes)).catch((error: unknown) => {
    throw new UnreadableFileError(isLocked(error) ? 'encrypted' : 'damaged', error);
  });
  if (pdf.numPages > MOST_PAGES) throw new UnreadableFileError('too-long');
  const meter = new TextMeter();
  const sections: FileSection[] = [];
  let letters = 0;
  for (let page = 1; page <= pdf.numPages; page += 1) {
    const text = tidyText(meter.add(await readPage(pdf, page)));
    letters += text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
    if (text !== '') sections.push({ placeKind: 'page', place: String(page), text });
  }
  if (letters < LEAST_LETTERS * Math.min(pdf.numPages, 50)) throw new UnreadableFileError('scanned');
  return sections;
}

type Pdf = Awaited<ReturnType<typeof getDocumentProxy>>;

async function readPage(pdf: Pdf, number: number): Promise<string> {
  try {
    const page = await pdf.getPage(number);
    const { items } = await page.getTextContent();
    let text = '';
    let lastY: number | null = null;
    for (const item of items) {
      if (!('str' in item)) continue;
      const [, , , , , y = 0] = item.transform as number[];
      // A larger step down than between two lines begins a paragraph.
      if (lastY !== null && lastY - y > Math.max(6, item.height * 1.9) && text.endsWith('\n')) text += '\n';
      if (item.str !== '') lastY = y;
      text += item.str + (item.hasEOL ? '\n' : '');
    }
    page.cleanup();
    return text;
  } catch (error) {
    throw new UnreadableFileError('damaged', error);
  }
}

function isLocked(error: unknown): boolean {
  return error instanceof Error && (error.name === 'PasswordException' || /password/i.test(error.message));
}
