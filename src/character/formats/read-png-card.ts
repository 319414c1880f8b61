import { cardProblem, type CardAsset, type CardFile, type CardWarnings, type ContainerFile } from './card-file.ts';
import { decodeText, parseJsonText } from './card-text.ts';
import { interpretCard, type InterpretedCard } from './interpret-card.ts';
import { readPngTexts, type PngTexts } from './png-texts.ts';
import { resolveAssets } from './resolve-assets.ts';

interface Reading {
  fileName: string;
  warnings: CardWarnings;
}

/** A card in a PNG or APNG; null where the picture carries none. */
export function readPngCard(bytes: Uint8Array, { fileName, warnings }: Reading): CardFile | null {
  const texts = readPngTexts(bytes, warnings);
  const interpreted = readTexts(texts, { fileName, warnings });
  if (!interpreted) {
    if (texts.cutOff) {
      throw cardProblem('card-damaged', 'The picture is cut off: it ends before its character, if it carries one.');
    }
    return null;
  }
  if (texts.cutOff) warnings.add('cut-off');
  const find = (path: string) => readerOf(texts, path);
  const { card, assets, named } = resolveAssets(interpreted.card, { find, keepsPaths: false, warnings });
  if (!texts.picture) warnings.add('picture-damaged');
  const container = texts.animated ? 'APNG' : 'PNG';
  return {
    card,
    spec: interpreted.spec,
    container,
    format: `${interpreted.spec} ${container}`,
    version: interpreted.version,
    warnings: warnings.list,
    picture: texts.standIn ? null : texts.picture,
    assets,
    containerFiles: unnamedFiles(texts, named),
  };
}

/** The V3 card if there is one; where that one is broken, the V2 card beside it. */
function readTexts(texts: PngTexts, reading: Reading): InterpretedCard | null {
  const newer = texts.cards.get('ccv3');
  const older = texts.cards.get('chara');
  if (newer === undefined) return older === undefined ? null : interpretText(older, reading);
  if (older === undefined) return interpretText(newer, reading);
  try {
    return interpretText(newer, reading);
  } catch {
    reading.warnings.add('v3-broken');
    return interpretText(older, reading);
  }
}

/** Base64 of JSON; some programs forget the base64. */
function interpretText(text: string, reading: Reading): InterpretedCard {
  const plain = text.trimStart().startsWith('{');
  const json = decodeText(plain ? Buffer.from(text, 'latin1') : Buffer.from(text, 'base64'), reading);
  return interpretCard(parseJsonText(json, reading), reading);
}

function readerOf(texts: PngTexts, path: string): CardAsset['read'] | undefined {
  const base64 = texts.assets.get(path);
  return base64 === undefined ? undefined : async () => Buffer.from(base64, 'base64');
}

/** RisuAI names its files in extensions, too: what no entry of `assets` names is kept under its old name. */
function unnamedFiles(texts: PngTexts, named: ReadonlySet<string>): ContainerFile[] {
  return [...texts.assets.keys()].flatMap((path) => {
    const read = readerOf(texts, path);
    return named.has(path) || !read ? [] : [{ path: `__asset:${path}`, read }];
  });
}
