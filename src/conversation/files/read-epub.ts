import { posix } from 'node:path';
import { TextMeter, UnreadableFileError, type FileSection } from './file-text.ts';
import { firstHeading, htmlToText } from './html-sections.ts';
import { openSafeZip, type SafeZip } from './read-zip.ts';

const CONTAINER = 'META-INF/container.xml';
/** Fonts may be obfuscated (IDPF, EPUB 3.3 §4.2.6); anything else that is encrypted is a locked book. */
const FONT_OBFUSCATION = /idpf\.org\/2008\/embedding|ns\.adobe\.com\/pdf\/enc#RC/;
/** Documents in a book's spine. */
const MOST_CHAPTERS = 5000;

/** The text of each document of a book's spine, in its order (EPUB 3.3 §5: package document). */
export async function readEpub(bytes: Uint8Array): Promise<FileSection[]> {
  const zip = await openSafeZip(bytes);
  if (await isLocked(zip)) throw new UnreadableFileError('encrypted');
  const container = await readXml(zip, CONTAINER);
  const packagePath = attributesOf(/<(?:\w+:)?rootfile\b([^>]*)>/i.exec(container)?.[1] ?? '').get('full-path');
  if (packagePath === undefined) throw new UnreadableFileError('damaged');
  const chapters = spineOf(await readXml(zip, packagePath), posix.dirname(packagePath));
  if (chapters.length > MOST_CHAPTERS) throw new UnreadableFileError('too-long');
  const meter = new TextMeter();
  const sections: FileSection[] = [];
  for (const path of chapters) {
    if (!zip.has(path)) continue;
    const html = await readXml(zip, path);
    const body = /<body\b[^>]*>([\s\S]*)<\/body\s*>/i.exec(html)?.[1] ?? html;
    const text = meter.add(htmlToText(body));
    if (text === '') continue;
    const title = firstHeading(body) || titleOf(html);
    sections.push({ placeKind: 'chapter', place: title || String(sections.length + 1), text });
  }
  if (sections.length === 0) throw new UnreadableFileError('no-text');
  return sections;
}

async function isLocked(zip: SafeZip): Promise<boolean> {
  if (zip.has('META-INF/rights.xml')) return true;
  if (!zip.has('META-INF/encryption.xml')) return false;
  const encryption = await readXml(zip, 'META-INF/encryption.xml');
  const methods = [...encryption.matchAll(/Algorithm\s*=\s*"([^"]+)"/g)].map(([, method = '']) => method);
  return methods.some((method) => !FONT_OBFUSCATION.test(method));
}

async function readXml(zip: SafeZip, path: string): Promise<string> {
  return new TextDecoder('utf-8').decode(await zip.read(path));
}

/** Paths in the zip, in reading order. */
function spineOf(xml: string, folder: string): string[] {
  const items = new Map<string, string>();
  for (const [, list = ''] of xml.matchAll(/<(?:\w+:)?item\b([^>]*)>/gi)) {
    const attributes = attributesOf(list);
    const [id, href] = [attributes.get('id'), attributes.get('href')];
    const isText = /html|xml/i.test(attributes.get('media-type') ?? 'html');
    if (id !== undefined && href !== undefined && isText) items.set(id, posix.join(folder, decodePath(href)));
  }
  return [...xml.matchAll(/<(?:\w+:)?itemref\b([^>]*)>/gi)].flatMap(([, list = '']) => {
    const attributes = attributesOf(list);
    const path = items.get(attributes.get('idref') ?? '');
    return path === undefined || attributes.get('linear') === 'no' ? [] : [path];
  });
}

function decodePath(href: string): string {
  const path = href.split('#')[0] ?? '';
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function attributesOf(text: string): Map<string, string> {
  const found = [...text.matchAll(/([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)];
  return new Map(found.map(([, name = '', double, single]) => [name.toLowerCase(), double ?? single ?? '']));
}

function titleOf(html: string): string {
  const title = /<title\b[^>]*>([\s\S]*?)<\/title\s*>/i.exec(html)?.[1];
  return title === undefined ? '' : htmlToText(title).slice(0, 200);
}
