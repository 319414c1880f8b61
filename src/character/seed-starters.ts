import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../base/clock.ts';
import type { NewId } from '../base/ids.ts';
import type { Storage } from '../storage/storage.ts';
import { cardSchema } from './card.ts';
import { putAsset } from './asset-store.ts';
import { addVersion, insertCharacter, listStarters } from './character-store.ts';
import { contentHash } from './content-hash.ts';

const indexSchema = z.object({ order: z.object({ en: z.array(z.string()), 'zh-CN': z.array(z.string()) }) });

export interface StarterShelf {
  /** Slugs in the order a reader of that language meets them. */
  order: z.infer<typeof indexSchema>['order'];
}

/**
 * Brings the starter characters of the assets folder into the database: new ones are added, changed ones get a
 * new version, the others are left alone. Ids are `starter-<slug>`, the same in every house.
 */
export async function seedStarters({
  storage,
  assetsDirectory,
  clock,
  newId,
}: {
  storage: Storage;
  assetsDirectory: string;
  clock: Clock;
  newId: NewId;
}): Promise<StarterShelf> {
  const folder = join(assetsDirectory, 'characters');
  const index = indexSchema.parse(JSON.parse(await readFile(join(folder, 'index.json'), 'utf8')));
  const present = new Map((await listStarters(storage.db)).map((starter) => [starter.slug, starter]));
  for (const slug of new Set([...index.order.en, ...index.order['zh-CN']])) {
    const card = cardSchema.parse(JSON.parse(await readFile(join(folder, slug, 'card.json'), 'utf8')));
    const scene = await readFile(join(folder, slug, 'scene.svg'));
    const pictureHash = await storage.blobs.write(scene);
    const hash = contentHash(card, pictureHash);
    const starter = present.get(slug);
    if (starter?.version.contentHash === hash) continue;
    const now = clock.now();
    const version = { id: newId(), card, contentHash: hash, pictureHash, now };
    await storage.transaction(async (trx) => {
      await putAsset(trx, { hash: pictureHash, mediaType: 'image/svg+xml', size: scene.length, createdAt: now });
      if (starter) await addVersion(trx, { ...version, characterId: starter.id, number: starter.version.number + 1 });
      else await insertCharacter(trx, { id: `starter-${slug}`, ownerId: null, slug, now }, version);
    });
  }
  return { order: index.order };
}
