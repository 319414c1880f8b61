import type OpusScript from 'opusscript';
import { pcm16ToFloat } from '../../../base/audio/pcm16.ts';
import { HEARING_SAMPLE_RATE } from '../../spec/speech-handle.ts';
import { NotReadHereError, type DecodedPart } from './decoded-part.ts';
import { readOggPages, type OggPage } from './ogg-pages.ts';
import { readWebmSound } from './webm-sound.ts';

/** Opus counts in 48 kHz whatever it is decoded to; all its lengths are whole at 16 kHz too. */
const TICKS_PER_SAMPLE = 48_000 / HEARING_SAMPLE_RATE;
const HEAD_BYTES = 19;
/** Bytes of a packet that the decoder takes: 60 ms of any recorder. Only 120 ms at the highest rates have more. */
const MOST_PACKET_BYTES = 3828;
/** `OPUS_SET_GAIN` of libopus: 1/256 dB. */
const SET_GAIN = 4034;

type OpusLibrary = typeof OpusScript;

/** The sound of an Ogg file with Opus (RFC 7845), also of several one after the other. */
export async function* decodeOggOpus(bytes: Uint8Array): AsyncGenerator<DecodedPart> {
  const { default: library } = await import('opusscript');
  let stream: OggOpusStream | null = null;
  try {
    for (const page of readOggPages(bytes)) {
      const [head] = page.packets;
      if (page.begins && head && isOpusHead(head) && (!stream || stream.hasSound)) {
        stream?.free();
        stream = new OggOpusStream(new OpusDecoder(head, library), page.serial);
      } else if (stream && page.serial === stream.serial) {
        yield* stream.take(page);
      }
    }
  } finally {
    stream?.free();
  }
}

/** The sound of a WebM file with Opus. What its last packet has too much, under 20 ms, is kept. */
export async function* decodeWebmOpus(bytes: Uint8Array): AsyncGenerator<DecodedPart> {
  const { codec, head, packets } = readWebmSound(bytes);
  if (codec !== 'A_OPUS') throw new NotReadHereError(`Matroska with ${codec}`);
  const { default: library } = await import('opusscript');
  const decoder = new OpusDecoder(head, library);
  try {
    for (const packet of packets) yield part(decoder.decode(packet));
  } finally {
    decoder.free();
  }
}

class OggOpusStream {
  readonly serial: number;
  hasSound = false;
  readonly #decoder: OpusDecoder;
  #hasTags = false;
  /** Where the next page's sound stands, in ticks. */
  #position = 0;

  constructor(decoder: OpusDecoder, serial: number) {
    this.#decoder = decoder;
    this.serial = serial;
  }

  *take({ packets, granule, ends }: OggPage): Generator<DecodedPart> {
    // The tags end their page, so sound begins on one of its own.
    if (!this.#hasTags) {
      this.#hasTags = packets.length > 0;
      return;
    }
    if (packets.length === 0) return;
    this.hasSound = true;
    const lengths = packets.map(ticksOf);
    const length = lengths.reduce((sum, ticks) => sum + ticks, 0);
    // Only the last page may count fewer than its packets have: the rest is padding of the encoder.
    let left = ends && granule !== null ? Math.max(0, granule - this.#position) : length;
    for (const packet of packets) {
      const samples = this.#decoder.decode(packet, left);
      left -= ticksOf(packet);
      yield part(samples);
    }
    // A recording cut out of a longer one begins later than at 0, so what the page says counts.
    this.#position = granule ?? this.#position + length;
  }

  free(): void {
    this.#decoder.free();
  }
}

/** Mono at the rate of ears, without what the encoder put before the sound. */
class OpusDecoder {
  readonly #opus: OpusScript;
  /** Samples still to be dropped. */
  #skip: number;

  /** `head`: RFC 7845 §5.1, which Matroska has too. */
  constructor(head: Uint8Array, library: OpusLibrary) {
    if (!isOpusHead(head) || head.length < HEAD_BYTES || ((head[8] ?? 0) & 0xf0) !== 0) {
      throw new Error('no head of Opus where one must stand');
    }
    const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
    const isOneStream = head[18] === 0 || (head[18] === 1 && head[19] === 1);
    if (!isOneStream) throw new NotReadHereError('Opus with more than two channels');
    this.#skip = Math.floor(view.getUint16(10, true) / TICKS_PER_SAMPLE);
    this.#opus = new library(HEARING_SAMPLE_RATE, 1, library.Application.AUDIO);
    const gain = view.getInt16(16, true);
    if (gain !== 0) this.#opus.decoderCTL(SET_GAIN, gain);
  }

  /** `ticks`: how many of the packet are sound. */
  decode(packet: Uint8Array, ticks = Infinity): Float32Array {
    if (packet.length === 0) return new Float32Array(0);
    if (packet.length > MOST_PACKET_BYTES) throw new NotReadHereError('packets of Opus of this size');
    const samples = pcm16ToFloat(int16Of(this.#opus.decode(Buffer.from(packet))));
    const kept = samples.subarray(0, Math.max(0, Math.floor(ticks / TICKS_PER_SAMPLE)));
    const skipped = Math.min(this.#skip, kept.length);
    this.#skip -= skipped;
    return kept.subarray(skipped);
  }

  free(): void {
    this.#opus.delete();
  }
}

function isOpusHead(packet: Uint8Array): boolean {
  return Buffer.from(packet.subarray(0, 8)).toString('latin1') === 'OpusHead';
}

/** Length of a packet by its first bytes, in ticks: RFC 6716 §3.1. */
function ticksOf(packet: Uint8Array): number {
  const [first, second = 0] = packet;
  if (first === undefined) return 0;
  const code = first & 0x03;
  const frames = code === 0 ? 1 : code === 3 ? second & 0x3f : 2;
  return frames * ticksOfFrame(first >> 3);
}

/** SILK has 10, 20, 40, 60 ms, the hybrid 10, 20 ms, CELT 2.5, 5, 10, 20 ms. */
function ticksOfFrame(configuration: number): number {
  if (configuration < 12) return [480, 960, 1920, 2880][configuration % 4] ?? 0;
  if (configuration < 16) return configuration % 2 === 0 ? 480 : 960;
  return 120 << (configuration % 4);
}

function int16Of(bytes: Uint8Array): Int16Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Int16Array.from({ length: bytes.length / 2 }, (_, index) => view.getInt16(index * 2, true));
}

function part(samples: Float32Array): DecodedPart {
  return { channelData: [samples], sampleRate: HEARING_SAMPLE_RATE };
}
