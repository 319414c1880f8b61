import type { Page } from 'playwright-core';

/** What a page's microphone hears, in hertz. */
export const MICROPHONE_RATE = 48_000;

/** Switches of a browser with a microphone that nobody allows its pages: they are refused as by a person. */
export const NOT_ALLOWED = ['--use-fake-device-for-media-stream'];

/** What the page's microphone is made of. */
interface Held {
  audio: AudioContext;
  sink: MediaStreamAudioDestinationNode;
}

/**
 * Gives the pages that are opened from now on a microphone that is allowed, and hears nothing but what `sayInto` says:
 * when the test wants it to, and not at some second of a recording, which a busy machine would miss.
 */
export async function giveMicrophone(page: Page): Promise<void> {
  await page.addInitScript((sampleRate) => {
    navigator.mediaDevices.getUserMedia = () => {
      const audio = new AudioContext({ sampleRate });
      const held: Held = { audio, sink: audio.createMediaStreamDestination() };
      Object.assign(globalThis, { heldMicrophone: held });
      return Promise.resolve(held.sink.stream);
    };
  }, MICROPHONE_RATE);
}

/** Says something into the microphone that the page has open: mono at `MICROPHONE_RATE`, in [-1, 1]. */
export async function sayInto(page: Page, samples: Float32Array): Promise<void> {
  const integers = Int16Array.from(samples, (sample) => Math.round(sample * 0x7fff));
  await page.evaluate((base64) => {
    const { audio, sink } = (globalThis as unknown as { heldMicrophone: Held }).heldMicrophone;
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.codePointAt(0) ?? 0);
    const said = Float32Array.from(new Int16Array(bytes.buffer), (sample) => sample / 0x7fff);
    const buffer = audio.createBuffer(1, said.length, audio.sampleRate);
    buffer.copyToChannel(said, 0);
    const source = audio.createBufferSource();
    source.buffer = buffer;
    source.connect(sink);
    source.start();
  }, Buffer.from(integers.buffer).toString('base64'));
}
