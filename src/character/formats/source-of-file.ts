import { createHash } from 'node:crypto';
import { assetMediaType } from '../asset-media.ts';
import type { CardFile } from './card-file.ts';
import { CONTAINER, type CardSource, type SourceFile } from './card-source.ts';
import { plainExtension } from './asset-uri.ts';

/** A card file that was read, ready to be written in another form. What cannot be unpacked is left out. */
export async function sourceOfFile(file: CardFile): Promise<CardSource> {
  const parts = [
    ...file.assets,
    ...file.containerFiles.map(({ path, read }) => ({ ...containerNames(path), uri: path, read })),
  ];
  const files: SourceFile[] = [];
  for (const { read, ...part } of parts) {
    const bytes = await read().catch(() => null);
    if (bytes) files.push({ ...part, hash: sha256(bytes), size: bytes.length, read });
  }
  const { picture } = file;
  return {
    card: file.card,
    picture: picture && { bytes: picture, mediaType: await assetMediaType(picture), hash: sha256(picture) },
    files,
  };
}

/** How a part of a container that no entry names is listed beside the assets. */
export function containerNames(path: string): { type: string; name: string; ext: string } {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return { type: CONTAINER, name, ext: plainExtension(/\.([^.]+)$/.exec(name)?.[1]) };
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
