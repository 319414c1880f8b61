import { MAX_CARD_FILE_BYTES } from '../../../contract/cards.ts';
import { isPortrait } from '../asset-media.ts';
import { cardProblem, CardWarnings, cardTooLarge, type CardFile } from './card-file.ts';
import { CARRIER_PATH } from './card-source.ts';
import { decodeText, looksLikeYaml, parseJsonText, parseYamlText } from './card-text.ts';
import { interpretCard } from './interpret-card.ts';
import { isPng } from '../../base/png-chunks.ts';
import { readCharx } from './read-charx.ts';
import { readPngCard } from './read-png-card.ts';
import { resolveAssets } from './resolve-assets.ts';
import { holdsZip } from './zip-archive.ts';

/**
 * Reads a character card in any of the known forms, by its bytes and not by its name: V1, V2 and V3 as JSON, PNG and
 * APNG, CHARX (also behind a picture), Pygmalion's, text-generation-webui's and Agnai's files. Throws an
 * `InvalidInputError` or `TooLargeError` that says what is wrong.
 */
export async function readCardFile(bytes: Uint8Array, fileName: string): Promise<CardFile> {
  if (bytes.length === 0) throw cardProblem('card-empty', `“${fileName}” is empty.`);
  if (bytes.length > MAX_CARD_FILE_BYTES) throw cardTooLarge(`“${fileName}” is larger than 256 MiB.`);
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const warnings = new CardWarnings();
  if (isPng(file)) return withPortrait(await readPicture(file, { fileName, warnings }));
  if (holdsZip(file)) return readCharx(file, { fileName, warnings });
  if (isOtherPicture(file)) {
    throw cardProblem('card-missing', `“${fileName}” is a picture without a character inside.`);
  }
  return withPortrait(readText(file, { fileName, warnings }));
}

async function readPicture(
  file: Buffer,
  { fileName, warnings }: { fileName: string; warnings: CardWarnings },
): Promise<CardFile> {
  const card = readPngCard(file, { fileName, warnings });
  if (card) return card;
  if (holdsZip(file)) return readCharx(file, { fileName, warnings });
  throw cardProblem('card-missing', `“${fileName}” is a picture without a character inside.`);
}

function readText(file: Buffer, { fileName, warnings }: { fileName: string; warnings: CardWarnings }): CardFile {
  const text = decodeText(file, { fileName, warnings }).replace(/^\uFEFF/, '');
  const isJson = /^\s*[{["]/.test(text) || !looksLikeYaml(text, fileName);
  const value = isJson ? parseJsonText(text, { fileName, warnings }) : parseYamlText(text, { fileName, warnings });
  const interpreted = interpretCard(value, { fileName, warnings });
  const { card, assets } = resolveAssets(interpreted.card, { find: () => undefined, keepsPaths: false, warnings });
  const container = isJson ? 'JSON' : 'YAML';
  return {
    card,
    spec: interpreted.spec,
    container,
    format: `${interpreted.spec} ${container}`,
    version: interpreted.version,
    warnings: warnings.list,
    picture: null,
    assets,
    containerFiles: [],
  };
}

/** An icon named `main` inside the card outranks the picture around it (V3 specification, “assets”). */
async function withPortrait(card: CardFile): Promise<CardFile> {
  const main = card.assets.find(({ type, name }) => type === 'icon' && name === 'main');
  if (!main) return card;
  const picture = await main.read();
  if (!(await isPortrait(picture))) return card;
  const around = card.picture;
  if (!around || Buffer.compare(around, picture) === 0) return { ...card, picture };
  const carrier = { path: CARRIER_PATH, read: async () => around };
  return { ...card, picture, containerFiles: [...card.containerFiles, carrier] };
}

/** JPEG, WebP and GIF cards are outside the specifications. */
function isOtherPicture(file: Buffer): boolean {
  const head = file.toString('latin1', 0, 12);
  return head.startsWith('\u00FF\u00D8\u00FF') || head.startsWith('GIF8') || /^RIFF[\s\S]{4}WEBP/.test(head);
}
