import { NotReadHereError } from './decoded-part.ts';

/** The first track of sound in a WebM or Matroska file. */
export interface WebmSound {
  /** As Matroska calls it: `A_OPUS`, `A_VORBIS` … */
  codec: string;
  /** What the codec needs before the first packet. */
  head: Uint8Array;
  packets: Iterable<Uint8Array>;
}

const SEGMENT = 0x18538067;
const CLUSTER = 0x1f43b675;
const TRACKS = 0x1654ae6b;
const TRACK = 0xae;
const TRACK_NUMBER = 0xd7;
const TRACK_TYPE = 0x83;
const TRACK_CODEC = 0x86;
const TRACK_HEAD = 0x63a2;
const TRACK_ENCODINGS = 0x6d80;
const BLOCK_GROUP = 0xa0;
const BLOCK = 0xa1;
const SIMPLE_BLOCK = 0xa3;

const TYPE_SOUND = 2;
const LACED = 0x06;
const MOST_ID_BYTES = 4;
const MOST_NUMBER_BYTES = 8;

/** What is gone into instead of over: so those of unknown length, as a browser records them, need no end. */
const ENTERED = new Set([SEGMENT, CLUSTER, TRACKS, BLOCK_GROUP]);

/** Throws where no sound is in it. A file that breaks off in the middle ends with its last whole packet. */
export function readWebmSound(bytes: Uint8Array): WebmSound {
  for (const { id, body } of readElements(bytes)) {
    if (id !== TRACK) continue;
    const { number, type, codec, head, isEncoded } = readTrack(body);
    if (type !== TYPE_SOUND) continue;
    if (isEncoded) throw new NotReadHereError('a track of Matroska that is packed once more');
    return { codec, head, packets: readPackets(bytes, number) };
  }
  throw new Error('no track of sound');
}

function readTrack(bytes: Uint8Array) {
  const track = { number: 0, type: 0, codec: '', head: new Uint8Array(0), isEncoded: false };
  for (const { id, body } of readElements(bytes)) {
    if (id === TRACK_NUMBER) track.number = unsigned(body);
    else if (id === TRACK_TYPE) track.type = unsigned(body);
    else if (id === TRACK_CODEC) track.codec = Buffer.from(body).toString('latin1').replace(/\0+$/u, '');
    else if (id === TRACK_HEAD) track.head = Uint8Array.from(body);
    else if (id === TRACK_ENCODINGS) track.isEncoded = true;
  }
  return track;
}

function* readPackets(bytes: Uint8Array, track: number): Generator<Uint8Array> {
  for (const { id, body } of readElements(bytes)) {
    if (id !== BLOCK && id !== SIMPLE_BLOCK) continue;
    const number = readNumber(body, 0);
    if (!number || number.value !== track) continue;
    // Two bytes of time, one of flags.
    const start = number.end + 3;
    if (start > body.length) throw new Error('a block without its head');
    if (((body[start - 1] ?? 0) & LACED) !== 0) throw new NotReadHereError('laced blocks of Matroska');
    if (start < body.length) yield body.subarray(start);
  }
}

/** Everything but what is `ENTERED`, in the order of the file. */
function* readElements(bytes: Uint8Array): Generator<{ id: number; body: Uint8Array }> {
  let at = 0;
  while (at < bytes.length) {
    const id = readId(bytes, at);
    const length = id && readNumber(bytes, id.end);
    if (!length) return;
    if (ENTERED.has(id.value)) {
      at = length.end;
      continue;
    }
    if (length.value === null) throw new Error('an element of EBML without a length');
    const end = length.end + length.value;
    if (end > bytes.length) return;
    yield { id: id.value, body: bytes.subarray(length.end, end) };
    at = end;
  }
}

/** Ids keep the bit that says how long they are. Null where the bytes end. */
function readId(bytes: Uint8Array, at: number): { value: number; end: number } | null {
  const length = lengthAt(bytes, at, MOST_ID_BYTES);
  if (at + length > bytes.length) return null;
  return { value: unsigned(bytes.subarray(at, at + length)), end: at + length };
}

/** `value` is null where all bits are set: unknown. Null where the bytes end. */
function readNumber(bytes: Uint8Array, at: number): { value: number | null; end: number } | null {
  if (at >= bytes.length) return null;
  const length = lengthAt(bytes, at, MOST_NUMBER_BYTES);
  if (at + length > bytes.length) return null;
  // The first byte keeps what is behind the bit that says how long it is.
  const first = (bytes[at] ?? 0) - 2 ** (8 - length);
  const rest = bytes.subarray(at + 1, at + length);
  const isUnknown = first === 2 ** (8 - length) - 1 && rest.every((byte) => byte === 0xff);
  const value = first * 256 ** (length - 1) + unsigned(rest);
  return { value: isUnknown ? null : value, end: at + length };
}

/** By the zeros before the first bit that is set. */
function lengthAt(bytes: Uint8Array, at: number, most: number): number {
  const length = Math.clz32(bytes[at] ?? 0) - 23;
  if (length > most) throw new Error('no element of EBML where one must stand');
  return length;
}

/** Big endian. */
function unsigned(bytes: Uint8Array): number {
  return bytes.reduce((value, byte) => value * 256 + byte, 0);
}
