import type { BlockMetadata, StreamMetadata } from 'libflacjs';
import { NotReadHereError, type DecodedPart } from './decoded-part.ts';

const STATE_END = 4;
/** Bytes that the library hands out for a sample of so many bits. It garbles others. */
const SAMPLE_BYTES: Readonly<Record<number, number>> = { 8: 2, 16: 2, 24: 4 };

/** Throws where a frame is damaged: the rest would be another recording. What follows the sound does not matter. */
export async function* decodeFlac(bytes: Uint8Array<ArrayBuffer>): AsyncGenerator<DecodedPart> {
  const library = await loadLibrary();
  const parts: DecodedPart[] = [];
  const faults: Error[] = [];
  /** Samples that the head of the file counts; 0 where it does not. */
  let total = 0;
  let decoded = 0;
  let at = 0;
  const read = (most: number) => {
    const buffer = bytes.subarray(at, at + most);
    at += buffer.length;
    return { buffer, readDataLength: buffer.length };
  };
  const write = (channels: Uint8Array[], frame: BlockMetadata) => {
    const bits = frame.bitsPerSample;
    decoded += frame.blocksize;
    if (SAMPLE_BYTES[bits] === undefined) faults.push(new NotReadHereError(`FLAC of ${bits} bits`));
    else parts.push({ channelData: channels.map((data) => floatOf(data, bits)), sampleRate: frame.sampleRate });
  };
  const fail = (_code: number, reason: unknown) => {
    if (total === 0 || decoded < total) faults.push(new Error(String(reason)));
  };
  const learn = (head?: StreamMetadata) => void (total = head?.total_samples ?? 0);
  const decoder = library.create_libflac_decoder(false);
  try {
    if (library.init_decoder_stream(decoder, read, write, fail, learn) !== 0) throw new Error('FLAC cannot be decoded');
    while (library.FLAC__stream_decoder_get_state(decoder) < STATE_END) {
      const isFine = library.FLAC__stream_decoder_process_single(decoder);
      const [fault] = faults;
      if (fault) throw fault;
      if (!isFine) throw new Error('FLAC broke off');
      yield* parts.splice(0);
    }
    if (library.FLAC__stream_decoder_get_state(decoder) > STATE_END) throw new Error('FLAC broke off');
  } finally {
    library.FLAC__stream_decoder_delete(decoder);
  }
}

async function loadLibrary() {
  const { default: open } = await import('libflacjs');
  const library = open('release.asmjs');
  if (!library.isReady()) await new Promise<void>((resolve) => library.on('ready', () => resolve()));
  return library;
}

/** Little endian. */
function floatOf(data: Uint8Array, bits: number): Float32Array {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const size = SAMPLE_BYTES[bits] ?? 0;
  const scale = 2 ** (bits - 1);
  return Float32Array.from({ length: data.length / size }, (_, index) => {
    const value = size === 2 ? view.getInt16(index * size, true) : view.getInt32(index * size, true);
    return value / scale;
  });
}
