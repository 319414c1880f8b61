import type { BrowserContext, Page } from 'playwright-core';

interface VirtualMicrophone {
  speak(base64: string): Promise<void>;
}

/** A microphone that says what a script gives it, when it gives it; silence between. Before the first page opens. */
export async function installVirtualMicrophone(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    let place: { audio: AudioContext; sink: MediaStreamAudioDestinationNode } | null = null;
    const open = () => {
      const audio = new AudioContext();
      place = { audio, sink: audio.createMediaStreamDestination() };
      return place;
    };
    navigator.mediaDevices.getUserMedia = async () => (place ?? open()).sink.stream;
    const microphone: VirtualMicrophone = {
      async speak(base64) {
        const { audio, sink } = place ?? open();
        const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        const source = audio.createBufferSource();
        source.buffer = await audio.decodeAudioData(bytes.buffer);
        source.connect(sink);
        const over = new Promise((resolve) => source.addEventListener('ended', resolve, { once: true }));
        source.start();
        await over;
      },
    };
    Object.assign(globalThis, { virtualMicrophone: microphone });
  });
}

/** Says a WAV file into the microphone; resolves when it is said. */
export async function speak(page: Page, wav: Uint8Array): Promise<void> {
  await page.evaluate(async (base64) => {
    await (globalThis as unknown as { virtualMicrophone: VirtualMicrophone }).virtualMicrophone.speak(base64);
  }, Buffer.from(wav).toString('base64'));
}
