import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import type { ExportFormat } from '../../../contract/cards.ts';
import {
  CARRIER_PATH,
  CONTAINER,
  LEGACY_FOLDER,
  LEGACY_PREFIX,
  type CardSource,
  type SourceFile,
} from './card-source.ts';
import { CardWarnings } from './card-file.ts';
import { inlineAssets, packedAssets, type PackedFile } from './export-assets.ts';
import { toV2, toV3 } from './export-data.ts';
import { isPng, PNG_SIGNATURE, readChunks, writeChunk, writeText } from '../../base/png-chunks.ts';
import { readPngTexts, STAND_IN } from './png-texts.ts';
import { standInPicture } from './stand-in-picture.ts';

export interface WrittenCard {
  body: Buffer | Readable;
  mediaType: string;
  /** Without a dot. */
  extension: string;
}

export interface WriteOptions {
  format: ExportFormat;
  /** Epoch ms. */
  now: number;
  /** The picture as a PNG, where somebody could convert it. */
  pngPicture?: Uint8Array | null;
}

/** Writes a character as one of the kinds of files people share. */
export async function writeCardFile(source: CardSource, options: WriteOptions): Promise<WrittenCard> {
  switch (options.format) {
    case 'v2-json':
      return json(toV2(source.card));
    case 'v3-json':
      return json(
        toV3(source.card, { assets: await inlineAssets(source, { pictureOutside: false }), now: options.now }),
      );
    case 'v2-png':
    case 'v3-png':
      return { body: await writePng(source, options), mediaType: 'image/png', extension: 'png' };
    case 'charx':
      return { body: writeCharx(source, options.now), mediaType: 'application/zip', extension: 'charx' };
    default:
      throw new Error(`There is no format “${String(options.format satisfies never)}”.`);
  }
}

function json(card: unknown): WrittenCard {
  return { body: Buffer.from(`${JSON.stringify(card, null, 2)}\n`), mediaType: 'application/json', extension: 'json' };
}

async function writePng(source: CardSource, { format, now, pngPicture }: WriteOptions): Promise<Buffer> {
  const isOwn = source.picture?.mediaType === 'image/png' && isPng(source.picture.bytes);
  const given = isOwn ? source.picture?.bytes : (pngPicture ?? (await carrier(source.files)));
  const card = toV2(source.card);
  const texts: Buffer[] = [];
  if (format === 'v3-png') {
    const assets = await inlineAssets(source, { pictureOutside: isOwn });
    for (const file of source.files) if (file.type === CONTAINER) texts.push(...(await legacyChunk(file)));
    texts.push(textOf('chara', card), textOf('ccv3', toV3(source.card, { assets, now })));
  } else texts.push(textOf('chara', card));
  // Where the card holds the picture itself, or there is none, the picture around it only stands in.
  const standsIn = given === undefined || given === null || (format === 'v3-png' && !isOwn && source.picture !== null);
  if (standsIn) texts.unshift(writeText(STAND_IN, ''));
  return withTexts(given ?? standInPicture(), texts);
}

async function carrier(files: readonly SourceFile[]): Promise<Uint8Array | null> {
  const file = files.find(({ type, uri }) => type === CONTAINER && uri === CARRIER_PATH);
  const bytes = await file?.read();
  return bytes && isPng(bytes) ? bytes : null;
}

async function legacyChunk(file: SourceFile): Promise<Buffer[]> {
  if (!file.uri.startsWith(LEGACY_PREFIX)) return [];
  const bytes = Buffer.from(await file.read());
  return [writeText(`chara-ext-asset_:${file.uri.slice(LEGACY_PREFIX.length)}`, bytes.toString('base64'))];
}

function textOf(keyword: 'chara' | 'ccv3', card: unknown): Buffer {
  return writeText(keyword, Buffer.from(JSON.stringify(card)).toString('base64'));
}

/** Removes what cards the picture may carry and puts the new ones before IEND. */
function withTexts(picture: Uint8Array, texts: readonly Buffer[]): Buffer {
  const clean = readPngTexts(picture, new CardWarnings()).picture ?? standInPicture();
  const { chunks } = readChunks(clean);
  const kept = chunks.filter(({ type }) => type !== 'IEND').map(({ whole }) => whole);
  return Buffer.concat([PNG_SIGNATURE, ...kept, ...texts, writeChunk('IEND', new Uint8Array())]);
}

/** The same card makes the same bytes, whenever it is written. */
const MTIME = new Date(2000, 0, 1);
/** What is compressed already. */
const PACKED = /\.(?:png|jpe?g|webp|gif|avif|mp3|ogg|opus|m4a|aac|mp4|webm|zip|woff2)$/i;

function writeCharx(source: CardSource, now: number): Readable {
  const { assets, packed } = packedAssets(source);
  const zip = new ZipFile();
  const options = { mtime: MTIME, forceDosTimestamp: true };
  zip.addBuffer(Buffer.from(JSON.stringify(toV3(source.card, { assets, now }))), 'card.json', options);
  const taken = new Set(['card.json', ...packed.map(({ path }) => path)]);
  for (const file of [...packed, ...containerFiles(source.files)]) {
    if (taken.has(file.path) && !packed.includes(file)) continue;
    taken.add(file.path);
    const settings = { ...options, compress: !PACKED.test(file.path), size: file.size };
    zip.addReadStreamLazy(file.path, settings, (done) => done(null, Readable.from(contentOf(file))));
  }
  zip.end();
  const output = zip.outputStream as Readable;
  zip.on('error', (error: Error) => output.destroy(error));
  return output;
}

async function* contentOf(file: PackedFile): AsyncIterable<Buffer> {
  yield Buffer.from(await file.read());
}

function containerFiles(files: readonly SourceFile[]): PackedFile[] {
  return files
    .filter(({ type }) => type === CONTAINER)
    .map((file) => ({
      path: file.uri.startsWith(LEGACY_PREFIX) ? `${LEGACY_FOLDER}${file.uri.slice(LEGACY_PREFIX.length)}` : file.uri,
      hash: file.hash,
      size: file.size,
      read: () => file.read(),
    }));
}
