import type { BrowserContext, Page } from 'playwright-core';

/** What the tap in the page keeps. */
interface Tap {
  recorder: MediaRecorder | null;
  pieces: Blob[];
}

/** Keeps everything that any page of this context plays, without loss. Before the first page opens. */
export async function tapSound(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const tap: Tap = { recorder: null, pieces: [] };
    Object.assign(globalThis, { soundTap: tap });
    const connect = AudioNode.prototype.connect as (this: AudioNode, ...to: unknown[]) => unknown;
    AudioNode.prototype.connect = function tapped(this: AudioNode, ...to: unknown[]) {
      if (to[0] instanceof AudioDestinationNode) {
        const sink = (this.context as AudioContext).createMediaStreamDestination();
        connect.call(this, sink);
        tap.pieces = [];
        tap.recorder = new MediaRecorder(sink.stream, { mimeType: 'audio/webm;codecs=pcm' });
        tap.recorder.addEventListener('dataavailable', ({ data }) => tap.pieces.push(data));
        tap.recorder.start();
      }
      return connect.apply(this, to);
    } as typeof AudioNode.prototype.connect;
  });
}

/** What the page has played until now, mono at `sampleRate`. */
export async function soundOf(page: Page, sampleRate: number): Promise<Float32Array> {
  const text = await page.evaluate(async (rate) => {
    const { recorder, pieces } = (globalThis as unknown as { soundTap: Tap }).soundTap;
    if (recorder === null) return '';
    if (recorder.state === 'recording') {
      const flushed = new Promise((resolve) => recorder.addEventListener('dataavailable', resolve, { once: true }));
      recorder.requestData();
      await flushed;
    }
    const recorded = await new Blob(pieces).arrayBuffer();
    if (recorded.byteLength === 0) return '';
    const decoded = await new OfflineAudioContext(1, 1, rate).decodeAudioData(recorded).catch(() => null);
    if (decoded === null) return '';
    const samples = Int16Array.from(decoded.getChannelData(0), (sample) => Math.round(sample * 0x7fff));
    const bytes = new Uint8Array(samples.buffer);
    let text = '';
    for (let at = 0; at < bytes.length; at += 8_192) text += String.fromCharCode(...bytes.subarray(at, at + 8_192));
    return btoa(text);
  }, sampleRate);
  const bytes = Buffer.from(text, 'base64');
  return Float32Array.from({ length: bytes.length / 2 }, (_, at) => bytes.readInt16LE(at * 2) / 0x8000);
}
