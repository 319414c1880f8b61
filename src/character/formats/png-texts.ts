import { inflateSync } from 'node:zlib';
import { MAX_JSON_BYTES, type CardWarnings } from './card-file.ts';
import { readChunks, PNG_SIGNATURE, writeChunk, type PngChunk } from '../../base/png-chunks.ts';

const ASSET_PREFIX = 'chara-ext-asset_';
/** Says that the picture only stands in for one that the character does not have. */
export const STAND_IN = 'everwith-stand-in';
/** Base64 takes four letters for three bytes. */
const MAX_TEXT_BYTES = Math.ceil((MAX_JSON_BYTES * 4) / 3) + 4;

export interface PngTexts {
  /** Text of the chunks `chara` and `ccv3`; the last of each counts, as in the programs that write cards. */
  cards: Map<'chara' | 'ccv3', string>;
  /** `chara-ext-asset_:path` (and the older form without the colon): path → base64. */
  assets: Map<string, string>;
  animated: boolean;
  standIn: boolean;
  /** The picture without any of these; null where it has no image data. */
  picture: Buffer | null;
  cutOff: boolean;
}

/** Takes a PNG or APNG apart into the texts of a card and the picture without them. */
export function readPngTexts(bytes: Uint8Array, warnings: CardWarnings): PngTexts {
  const { chunks, cutOff } = readChunks(bytes);
  const texts: PngTexts = {
    cards: new Map(),
    assets: new Map(),
    animated: chunks.some(({ type }) => type === 'acTL'),
    standIn: false,
    picture: null,
    cutOff,
  };
  const kept: Buffer[] = [PNG_SIGNATURE];
  for (const chunk of chunks) {
    if (!chunk.intact) warnings.add('checksum', /^[a-zA-Z]{4}$/.test(chunk.type) ? chunk.type : '');
    if (!takeText(chunk, texts)) kept.push(chunk.intact ? chunk.whole : writeChunk(chunk.type, chunk.content));
  }
  if (cutOff && kept.length > 1) kept.push(writeChunk('IEND', new Uint8Array()));
  const shows = chunks[0]?.type === 'IHDR' && chunks.some(({ type }) => type === 'IDAT');
  return { ...texts, picture: shows ? Buffer.concat(kept) : null };
}

/** True when the chunk belongs to the card and not to the picture. */
function takeText(chunk: PngChunk, texts: PngTexts): boolean {
  if (chunk.type !== 'tEXt' && chunk.type !== 'iTXt' && chunk.type !== 'zTXt') return false;
  const end = chunk.content.subarray(0, 80).indexOf(0);
  const keyword = chunk.content.toString('latin1', 0, Math.max(0, end));
  const name = keyword.toLowerCase();
  const isAsset = name.startsWith(ASSET_PREFIX);
  if (name !== 'chara' && name !== 'ccv3' && name !== STAND_IN && !isAsset) return false;
  const text = textOf(chunk, end);
  if (text === null) return true;
  if (name === STAND_IN) texts.standIn = true;
  else if (isAsset) texts.assets.set(keyword.slice(ASSET_PREFIX.length).replace(/^:/, ''), text);
  else texts.cards.set(name === 'ccv3' ? 'ccv3' : 'chara', text);
  return true;
}

/** The text after the keyword (§11.3.3), inflated within bounds; null where it cannot be. */
function textOf({ type, content }: PngChunk, keywordEnd: number): string | null {
  if (type === 'tEXt') return content.toString('latin1', keywordEnd + 1);
  if (type === 'zTXt') return inflated(content.subarray(keywordEnd + 2))?.toString('latin1') ?? null;
  const compressed = content[keywordEnd + 1] === 1;
  const languageEnd = content.indexOf(0, keywordEnd + 3);
  const translatedEnd = languageEnd < 0 ? -1 : content.indexOf(0, languageEnd + 1);
  if (translatedEnd < 0) return null;
  const text = content.subarray(translatedEnd + 1);
  return (compressed ? inflated(text) : text)?.toString('utf8') ?? null;
}

function inflated(bytes: Buffer): Buffer | null {
  try {
    return inflateSync(bytes, { maxOutputLength: MAX_TEXT_BYTES });
  } catch {
    return null;
  }
}
