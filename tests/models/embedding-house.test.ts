import { MEASUREMENT } from '../support/unbilled.ts';
import { link, mkdir, mkdtemp, copyFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { EmbeddingList } from '../../contract/embeddings.ts';
import { locateEmbedding } from '../../scripts/test-run/ensure-weights.ts';
import { openHouse, type ChatHouse } from '../integration/support/open-house.ts';
import { talkingScript } from '../integration/support/scripts.ts';

const ID = 'all-minilm-l6-v2';
const ready = (process.env['EVERWITH_TEST_WEIGHTS'] ?? '').split(',').includes(ID);
const never = new AbortController().signal;
const LIST = '/api/memory/embeddings';

describe.skipIf(!ready)('a house that has the weights of an embedding model', () => {
  let cache: string;
  let house: ChatHouse;
  const inUse = async () => (await house.owner.call<EmbeddingList>('GET', LIST)).inUse;

  beforeAll(async () => {
    cache = await mkdtemp(join(tmpdir(), 'everwith-embedding-cache-'));
    await mkdir(join(cache, 'weights'));
    const model = (await locateEmbedding(ID))['model']!;
    const place = join(cache, 'weights', basename(model));
    await link(model, place).catch(() => copyFile(model, place));
    house = await openHouse({ script: talkingScript, environment: { EVERWITH_CACHE: cache } });
  });
  afterAll(async () => {
    await house?.[Symbol.asyncDispose]();
    if (cache) await rm(cache, { recursive: true, force: true });
  });

  test('uses it by itself; removed in the middle of its work it is gone for everybody, and nothing hangs', async () => {
    expect(await inUse()).toBe(`local:${ID}`);
    const directory = house.app.embeddingDirectory;
    const handle = (await directory.current(never))!.billed(MEASUREMENT);
    expect(await handle.embed(['warm'], { kind: 'query', signal: never })).toHaveLength(1);
    const told = vi.fn<() => void>();
    using _listening = directory.onChange(told);
    const long = Array.from({ length: 400 }, (_, index) => `Message ${index} of a very long night. `.repeat(20));
    const [backlog] = await Promise.allSettled([
      handle.embed(long, { kind: 'passage', signal: never }),
      house.owner.call('DELETE', `${LIST}/${ID}`),
    ]);
    expect(backlog.status).toBe('rejected');
    expect(await directory.current(never)).toBeNull();
    expect(await inUse()).toBeNull();
    await vi.waitFor(() => expect(told).toHaveBeenCalled(), { timeout: 20_000 });
    await expect(handle.embed(['after'], { kind: 'query', signal: never })).rejects.toMatchObject({
      name: 'UnavailableError',
    });
  });
});
