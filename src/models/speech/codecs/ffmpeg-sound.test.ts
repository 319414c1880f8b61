import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { element, webm } from './webm-fixture.ts';
import { hasFfmpeg } from './ffmpeg-encoder.ts';
import { openStreamEncoder } from './open-stream-encoder.ts';
import { createSoundEncoder } from './sound-encoder.ts';
import { SoundReader } from './sound-reader.ts';

let folder = '';
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'everwith-ffmpeg-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

const head = Uint8Array.of(1);
const vorbis = webm({ head, packets: [head], codec: 'A_VORBIS' });
const files = {
  mov: Buffer.concat([Buffer.from('\0\0\0\x18ftypM4A ', 'latin1'), Buffer.alloc(40)]),
  aac: Buffer.concat([Uint8Array.of(0xff, 0xf1), Buffer.alloc(40)]),
  ogg: Buffer.concat([Buffer.from('OggS'), Buffer.alloc(40)]),
  matroska: vorbis,
};
/** Two seconds, of which the first two samples are 0.5 and far too loud; then a byte too many. */
const SPEAK = `printf '\\000\\000\\000\\077\\000\\000\\000\\106'; head -c 127992 /dev/zero; printf 'x'`;

/** A folder for a PATH; `end` is what its ffmpeg does when it has written down how it was called. */
async function withFfmpeg(name: string, end: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(path);
  const script = `#!/bin/sh\nPATH=/usr/bin:/bin\nprintf '%s\\n' "$@" > "\${0%/*}/words"\n${end}\n`;
  await writeFile(join(path, 'ffmpeg'), script);
  await chmod(join(path, 'ffmpeg'), 0o755);
  return path;
}

const read = (bytes: Uint8Array, searchPath: string, maxSeconds = 60) =>
  new SoundReader({ folder: join(folder, 'files'), searchPath }).read(bytes, {
    maxSeconds,
    signal: new AbortController().signal,
  });

test.each(Object.entries(files))(
  '%s is handed to ffmpeg as what it is, which may open this file only',
  async (kind, bytes) => {
    const path = await withFfmpeg(`speaks-${kind}`, SPEAK);
    const samples = await read(bytes, path);
    expect(samples.length).toBe(32_000);
    expect([...samples.subarray(0, 3)]).toEqual([0.5, 1, 0]);
    const words = (await readFile(join(path, 'words'), 'utf8')).trim().split('\n');
    const input = words.indexOf('-i');
    expect(words.slice(input - 4, input)).toEqual(['-protocol_whitelist', 'file', '-f', kind]);
    expect(words[input + 1]).toMatch(/^file:\/.*sound$/u);
    expect(words.slice(input + 2)).toEqual([
      '-map',
      '0:a:0',
      '-t',
      '61',
      '-ac',
      '1',
      '-ar',
      '16000',
      '-rematrix_maxval',
      '1',
      '-c:a',
      'pcm_f32le',
      '-f',
      'f32le',
      'pipe:1',
    ]);
    expect(words.slice(0, input)).toEqual(expect.arrayContaining(['-nostdin', '-timelimit', '-max_alloc']));
  },
);

test.each(Object.entries(files))('%s without an ffmpeg says what to do', async (_kind, bytes) => {
  await expect(read(bytes, folder)).rejects.toMatchObject({
    code: 'audio-needs-ffmpeg',
    field: 'file',
    message: expect.stringMatching(/Install ffmpeg.*flac, mp3, wav/u),
  });
});

test('what ffmpeg refuses, finds empty or too long is told apart, and nothing is left', async () => {
  const refuses = await withFfmpeg('refuses', `${SPEAK}\nexit 1`);
  await expect(read(files.mov, refuses)).rejects.toMatchObject({ code: 'audio-damaged' });
  const isSilent = await withFfmpeg('is-silent', 'exit 0');
  await expect(read(files.mov, isSilent)).rejects.toMatchObject({ code: 'audio-damaged' });
  const endless = await withFfmpeg('endless', 'echo $$ > "${0%/*}/id"\nexec cat /dev/zero');
  await expect(read(files.mov, endless, 10)).rejects.toMatchObject({ code: 'audio-too-long' });
  const id = Number(await readFile(join(endless, 'id'), 'utf8'));
  expect(() => process.kill(id, 0)).toThrow('ESRCH');
  expect(await readdir(join(folder, 'files'))).toEqual([]);
});

test('Opus that is not read here goes to ffmpeg too', async () => {
  const packed = webm({ head, packets: [head], more: element(0x6d80, head) });
  await expect(read(packed, folder)).rejects.toMatchObject({ code: 'audio-needs-ffmpeg' });
});

test('AAC is what ffmpeg writes of the samples as they come', async () => {
  const path = await withFfmpeg('writes', 'cat');
  expect(await hasFfmpeg(path)).toBe(true);
  expect(await hasFfmpeg(join(folder, 'nowhere'))).toBe(false);
  await using encoder = await openStreamEncoder('aac', { sampleRate: 24_000, searchPath: path });
  const parts = [await encoder.push(Int16Array.of(1, -2)), await encoder.push(Int16Array.of(3)), await encoder.end()];
  expect([...new Int16Array(Uint8Array.from(Buffer.concat(parts)).buffer)]).toEqual([1, -2, 3]);
  const words = (await readFile(join(path, 'words'), 'utf8')).trim().split('\n');
  expect(words.slice(words.indexOf('-c:a'))).toEqual(['-c:a', 'aac', '-b:a', '64k', '-f', 'adts', 'pipe:1']);
  const broken = await withFfmpeg('breaks', 'exit 3');
  await using failing = await openStreamEncoder('aac', { sampleRate: 24_000, searchPath: broken });
  await expect(failing.end()).rejects.toMatchObject({ code: 'encoder-failed' });
});

test.each(['mp3', 'opus', 'wav'] as const)(
  '%s written beside the answering thread is the same file',
  async (format) => {
    const sound = Int16Array.from({ length: 9000 }, (_, at) => 9000 * Math.sin(at / 9));
    const here = await createSoundEncoder(format, 24_000);
    const expected = Buffer.concat([here.push(sound), here.end()]);
    await using encoder = await openStreamEncoder(format, { sampleRate: 24_000, searchPath: '' });
    const written = Buffer.concat([await encoder.push(sound), await encoder.end()]);
    // Each file in Ogg has a number of its own.
    const compared = (file: Buffer) => (format === 'opus' ? file.length : file.toString('hex'));
    expect(compared(written)).toBe(compared(expected));
  },
);
