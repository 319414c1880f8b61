import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ResourceError } from '../../../base/errors.ts';
import { piperMetadata, piperTokens, preparePiperModel, readPiperConfig, type PiperConfig } from './piper-model.ts';

const config: PiperConfig = {
  audio: { sample_rate: 22_050 },
  espeak: { voice: 'en-us' },
  inference: {},
  num_speakers: 1,
  phoneme_id_map: { _: [0], '^': [1], $: [2], ' ': [3], ɹ: [88] },
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everwith-piper-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Reads `metadata_props` as a protobuf reader does: field 14, each with key and value. */
function readMetadata(bytes: Uint8Array): Record<string, string> {
  const found: Record<string, string> = {};
  let offset = 0;
  while (offset < bytes.length) {
    expect(bytes[offset]).toBe((14 << 3) | 2);
    const end = offset + 2 + (bytes[offset + 1] ?? 0);
    const entry = bytes.subarray(offset + 2, end);
    const keyLength = entry[1] ?? 0;
    const text = (start: number, length: number) => new TextDecoder().decode(entry.subarray(start, start + length));
    expect([entry[0], entry[2 + keyLength]]).toEqual([10, 18]);
    found[text(2, keyLength)] = text(4 + keyLength, entry[3 + keyLength] ?? 0);
    offset = end;
  }
  return found;
}

describe('a Piper voice for sherpa', () => {
  test('says in its metadata what sherpa asks for', () => {
    expect(readMetadata(piperMetadata(config))).toEqual({
      model_type: 'vits',
      comment: 'piper',
      language: 'en-us',
      voice: 'en-us',
      has_espeak: '1',
      n_speakers: '1',
      sample_rate: '22050',
    });
  });

  test('lists its symbols, the space too', () => {
    expect(piperTokens(config)).toBe('_ 0\n^ 1\n$ 2\n  3\nɹ 88\n');
  });

  test('is a copy with the metadata at its end; the original is not touched', async () => {
    const model = join(folder, 'voice.onnx');
    const target = await mkdtemp(join(folder, 'work-'));
    await writeFile(model, 'weights');
    const prepared = await preparePiperModel({ model, config, folder: target });
    expect(await readFile(prepared.model)).toEqual(Buffer.concat([Buffer.from('weights'), piperMetadata(config)]));
    expect(await readFile(model, 'utf8')).toBe('weights');
    expect(await readFile(prepared.tokens, 'utf8')).toBe(piperTokens(config));
  });

  test.each(['', '{"audio":{}}', '[]'])('with the description %j is refused with what to do', async (text) => {
    const path = join(folder, 'voice.onnx.json');
    await writeFile(path, text);
    await expect(readPiperConfig(path)).rejects.toBeInstanceOf(ResourceError);
    await expect(readPiperConfig(path)).rejects.toThrow('fetch it again');
  });
});
