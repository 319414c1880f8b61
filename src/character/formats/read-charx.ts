import { isPortrait } from '../asset-media.ts';
import { cardProblem, type CardAsset, type CardFile, type CardWarnings } from './card-file.ts';
import { decodeText, parseJsonText } from './card-text.ts';
import { interpretCard } from './interpret-card.ts';
import { resolveAssets } from './resolve-assets.ts';
import { openZip, type ZipArchive } from './zip-archive.ts';

const CARD_PATH = 'card.json';
/** Icons that are looked at before the search for a portrait ends. */
const MOST_ICONS = 5;

/** A CHARX card (V3 specification, “CHARX”): a zip, also behind a picture. */
export async function readCharx(
  bytes: Buffer,
  { fileName, warnings }: { fileName: string; warnings: CardWarnings },
): Promise<CardFile> {
  const archive = await openZip(bytes, { fileName, warnings });
  const json = await readCardText(archive, { fileName, warnings });
  const interpreted = interpretCard(parseJsonText(json, { fileName, warnings }), { fileName, warnings });
  const find = (path: string) => (path === CARD_PATH ? undefined : archive.files.get(path));
  const { card, assets, named } = resolveAssets(interpreted.card, { find, keepsPaths: true, warnings });
  return {
    card,
    spec: interpreted.spec,
    container: 'CHARX',
    format: `${interpreted.spec} CHARX`,
    version: interpreted.version,
    warnings: warnings.list,
    picture: await portrait(assets, archive.prefix),
    assets,
    containerFiles: [...archive.files]
      .filter(([path]) => path !== CARD_PATH && !named.has(path))
      .map(([path, read]) => ({ path: path.replace(/^x_chara-ext\//, '__asset:'), read })),
  };
}

async function readCardText(
  { files, encrypted }: ZipArchive,
  { fileName, warnings }: { fileName: string; warnings: CardWarnings },
): Promise<string> {
  const read = files.get(CARD_PATH);
  if (encrypted.has(CARD_PATH)) {
    throw cardProblem('card-encrypted', `“${fileName}” is encrypted: save it without a password and try again.`);
  }
  if (!read) {
    throw cardProblem('card-missing', `“${fileName}” is an archive without a character inside (no card.json).`);
  }
  try {
    return decodeText(await read(), { fileName, warnings });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'card-too-large') throw error;
    throw cardProblem('card-archive', `“${fileName}” is a damaged archive: its card.json cannot be unpacked.`, error);
  }
}

/** The icon named `main`, else the first icon, else the picture before the archive. */
async function portrait(assets: readonly CardAsset[], prefix: Buffer): Promise<Uint8Array | null> {
  const icons = assets.filter(({ type }) => type === 'icon').toSorted((a, b) => rank(a) - rank(b));
  for (const icon of icons.slice(0, MOST_ICONS)) {
    const bytes = await icon.read().catch(() => null);
    if (bytes && (await isPortrait(bytes))) return bytes;
  }
  return (await isPortrait(prefix)) ? prefix : null;
}

function rank({ name }: CardAsset): number {
  return name === 'main' ? 0 : 1;
}
