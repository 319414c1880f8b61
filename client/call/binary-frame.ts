/**
 * Audio in binary WebSocket messages, for clients that connect with `?frames=binary`. Little-endian:
 *
 *     byte 0     kind: 1 = of the house (a reply), 2 = of the caller (the microphone)
 *     byte 1     0
 *     bytes 2–3  audio index: which reply, from `everwith.audio.started`; 0 for the microphone
 *     bytes 4–7  position: samples of that reply (24 kHz), or of the microphone (its agreed rate), before this frame
 *     bytes 8–   PCM16, mono
 */
export interface AudioFrame {
  kind: 'reply' | 'microphone';
  /** 0 to 65 535; counts on from 0 after that. */
  index: number;
  /** In samples; 32 bits, a day of audio. */
  position: number;
  samples: Int16Array;
}

const HEADER_BYTES = 8;
const KINDS = { reply: 1, microphone: 2 } as const;

export function encodeAudioFrame({ kind, index, position, samples }: AudioFrame): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(HEADER_BYTES + samples.length * 2);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, KINDS[kind]);
  view.setUint16(2, index & 0xffff, true);
  view.setUint32(4, position >>> 0, true);
  for (let at = 0; at < samples.length; at += 1) view.setInt16(HEADER_BYTES + at * 2, samples[at] ?? 0, true);
  return bytes;
}

/** What is wrong with a frame is said in words, for the protocol's error event. */
export function decodeAudioFrame(bytes: Uint8Array): AudioFrame | { fault: string } {
  if (bytes.length < HEADER_BYTES) return { fault: `A binary frame has at least ${HEADER_BYTES} bytes.` };
  if (bytes.length % 2 !== 0) return { fault: 'The audio has an odd number of bytes; PCM16 has two a sample.' };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kind = view.getUint8(0);
  if (kind !== KINDS.reply && kind !== KINDS.microphone) return { fault: `There is no binary frame of kind ${kind}.` };
  const samples = new Int16Array((bytes.length - HEADER_BYTES) / 2);
  for (let at = 0; at < samples.length; at += 1) samples[at] = view.getInt16(HEADER_BYTES + at * 2, true);
  return {
    kind: kind === KINDS.reply ? 'reply' : 'microphone',
    index: view.getUint16(2, true),
    position: view.getUint32(4, true),
    samples,
  };
}
