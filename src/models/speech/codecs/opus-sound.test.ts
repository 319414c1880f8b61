import { expect, test } from 'vitest';
import { NotReadHereError, type DecodedPart } from './decoded-part.ts';
import { oggPage } from './ogg-page-fixture.ts';
import { readOggPages } from './ogg-pages.ts';
import { decodeOggOpus, decodeWebmOpus } from './opus-sound.ts';
import { encodeSound } from './sound-encoder.ts';
import { webm } from './webm-fixture.ts';

const RATE = 48_000;
const sound = Float32Array.from({ length: RATE }, (_, index) => 0.5 * Math.sin((2 * Math.PI * 440 * index) / RATE));
const file = await encodeSound(sound, { format: 'opus', sampleRate: RATE });
const [head = new Uint8Array(0), tags = new Uint8Array(0), ...packets] = [...readOggPages(file)].flatMap(
  (page) => page.packets,
);
const headWith = (change: (view: DataView) => void, length = 19) => {
  const bytes = new Uint8Array(length);
  bytes.set(head.subarray(0, length));
  change(new DataView(bytes.buffer));
  return bytes;
};

/** 50 packets of 20 ms, of which the last page, by `granule`, may count fewer. */
function ogg({
  first = head,
  granule = 50 * 960,
  before = 0,
  serial = 1,
  some = packets.slice(0, 50),
} = {}): Uint8Array {
  const page = (of: Uint8Array[], rest: { granule: number; begins?: boolean; ends?: boolean }) => {
    const lacing = of.flatMap(({ length }) => [...Array<number>(Math.floor(length / 255)).fill(255), length % 255]);
    return oggPage({ lacing, body: Buffer.concat(of), serial, ...rest });
  };
  return Buffer.concat([
    page([first], { granule: 0, begins: true }),
    page([tags], { granule: 0 }),
    page(some.slice(0, 20), { granule: before + 20 * 960 }),
    page(some.slice(20), { granule: before + granule, ends: true }),
  ]);
}

async function samplesOf(parts: AsyncIterable<DecodedPart>): Promise<number[]> {
  const samples: number[] = [];
  for await (const { channelData, sampleRate } of parts) {
    expect(sampleRate).toBe(16_000);
    samples.push(...(channelData[0] ?? []));
  }
  return samples;
}
const loudest = (samples: number[]) => Math.max(...samples.slice(4000, 12_000));

test('what is before the sound and behind it is not part of it', async () => {
  expect(packets.length).toBeGreaterThanOrEqual(50);
  const first = (ticks: number) => headWith((view) => view.setUint16(10, ticks, true));
  expect(await samplesOf(decodeOggOpus(ogg({ first: first(0) })))).toHaveLength(16_000);
  expect(await samplesOf(decodeOggOpus(ogg({ first: first(3840) })))).toHaveLength(16_000 - 1280);
  expect(await samplesOf(decodeOggOpus(ogg({ first: first(3840), granule: 45_000 })))).toHaveLength(15_000 - 1280);
  // Cut out of a longer recording.
  const later = ogg({ first: first(3840), granule: 45_000, before: 960_000 });
  expect(await samplesOf(decodeOggOpus(later))).toHaveLength(15_000 - 1280);
});

test('the pre-skip is where the sound begins, in WebM as in Ogg', async () => {
  const inOgg = await samplesOf(decodeOggOpus(ogg()));
  const inWebm = await samplesOf(decodeWebmOpus(webm({ head, packets: packets.slice(0, 50) })));
  expect(inWebm).toEqual(inOgg);
  expect(loudest(inOgg)).toBeGreaterThan(0.45);
});

test('recordings one after the other are all heard, a second stream beside it is not', async () => {
  const one = await samplesOf(decodeOggOpus(ogg()));
  const two = await samplesOf(decodeOggOpus(Buffer.concat([ogg(), ogg({ serial: 2 })])));
  expect(two).toEqual([...one, ...one]);
  const beside = oggPage({ lacing: [19], body: head, begins: true, serial: 7 });
  const page = oggPage({ lacing: [3], body: Uint8Array.of(1, 2, 3), serial: 7 });
  const [begin, ...rest] = [ogg().subarray(0, 47), ogg().subarray(47)];
  expect(await samplesOf(decodeOggOpus(Buffer.concat([begin ?? head, beside, page, ...rest])))).toEqual(one);
});

test('the gain of the head is heard', async () => {
  const quiet = headWith((view) => view.setInt16(16, -6 * 256, true));
  const ratio =
    loudest(await samplesOf(decodeOggOpus(ogg({ first: quiet })))) / loudest(await samplesOf(decodeOggOpus(ogg())));
  expect(ratio).toBeCloseTo(10 ** (-6 / 20), 2);
});

test('packets of 120 ms are read, channels beyond two and larger packets are not', async () => {
  const [packet = head] = packets.slice(10);
  const six = Buffer.concat([
    Uint8Array.of((packet[0] ?? 0) | 3, 0x80 | 6, ...Array<number>(5).fill(packet.length - 1)),
    ...Array<Uint8Array>(6).fill(packet.subarray(1)),
  ]);
  const first = headWith((view) => view.setUint16(10, 0, true));
  const long = ogg({ first, some: Array<Uint8Array>(21).fill(six), granule: 21 * 5760 });
  expect(await samplesOf(decodeOggOpus(long))).toHaveLength(21 * 1920);
  const surround = headWith((view) => view.setUint8(18, 1), 27);
  await expect(samplesOf(decodeOggOpus(ogg({ first: surround })))).rejects.toThrow(NotReadHereError);
  await expect(samplesOf(decodeWebmOpus(webm({ head, packets: [new Uint8Array(4000)] })))).rejects.toThrow(
    NotReadHereError,
  );
  await expect(samplesOf(decodeWebmOpus(webm({ head, packets, codec: 'A_VORBIS' })))).rejects.toThrow(NotReadHereError);
});

test('damage is refused', async () => {
  await expect(samplesOf(decodeWebmOpus(webm({ head: head.subarray(0, 12), packets })))).rejects.toThrow(
    'no head of Opus',
  );
  const damaged = [...packets.slice(0, 30), Uint8Array.of(0xff, 0xff, 1, 2)];
  await expect(samplesOf(decodeWebmOpus(webm({ head, packets: damaged })))).rejects.toThrow('Decode error');
});
