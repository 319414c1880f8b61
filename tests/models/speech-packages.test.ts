import { readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { locateSpeech } from '../../scripts/test-run/ensure-weights.ts';
import { lastingFiles } from '../../src/models/catalog/file-set.ts';
import { loadSpeechCatalog } from '../../src/models/catalog/speech-catalog.ts';

/** Fetched by `./everwith test` with the ordinary package clients, through the catalog. */
const ready = (process.env['EVERWITH_TEST_WEIGHTS'] ?? '').split(',');
const { entries } = await loadSpeechCatalog();

describe.each(entries.filter(({ files }) => files.some(({ sources }) => sources.some(({ kind }) => kind !== 'hub'))))(
  '$id',
  (entry) => {
    test.skipIf(!ready.includes(entry.id))('comes out of its packages, whole and checked', async () => {
      const files = await locateSpeech(entry.id);
      expect(Object.keys(files)).toEqual(lastingFiles(entry).map(({ name }) => name));
    });

    test.skipIf(entry.engine !== 'kokoro-onnx' || !ready.includes(entry.id))('has a file for each voice', async () => {
      const { voices = '' } = await locateSpeech(entry.id);
      const names = await readdir(voices);
      for (const { name } of entry.voices) expect(names).toContain(`${name}.bin`);
    });
  },
);
