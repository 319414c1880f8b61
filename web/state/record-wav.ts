/** What was recorded. */
export interface Recording {
  /** WAV, PCM 16 bit, mono. */
  wav: Uint8Array;
  seconds: number;
}

export interface Recorder {
  /** Ends the recording; rejects when the browser cannot read what it recorded itself. */
  stop(): Promise<Recording>;
  /** Lets the microphone go and forgets what was heard. */
  cancel(): void;
}

/** Hertz: plenty for a voice, and half the bytes of a studio's. */
const SAMPLE_RATE = 24_000;
const HEADER_BYTES = 44;

/** Records from a microphone that is open already, and lets it go at the end. */
export function startRecording(stream: MediaStream): Recorder {
  const recorder = new MediaRecorder(stream);
  const parts: Blob[] = [];
  recorder.addEventListener('dataavailable', ({ data }) => parts.push(data));
  const stopped = new Promise<void>((resolve) => recorder.addEventListener('stop', () => resolve(), { once: true }));
  recorder.start();
  const release = (): void => {
    if (recorder.state !== 'inactive') recorder.stop();
    for (const track of stream.getTracks()) track.stop();
  };
  return {
    cancel: release,
    stop: async () => {
      release();
      await stopped;
      const bytes = await new Blob(parts).arrayBuffer();
      const audio = await new OfflineAudioContext(1, 1, SAMPLE_RATE).decodeAudioData(bytes);
      const samples = mixDown(
        Array.from({ length: audio.numberOfChannels }, (_, channel) => audio.getChannelData(channel)),
      );
      return { wav: encodeWav(samples), seconds: samples.length / SAMPLE_RATE };
    },
  };
}

function mixDown(channels: readonly Float32Array[]): Float32Array {
  const [first = new Float32Array(0)] = channels;
  return first.map((_, index) => channels.reduce((sum, channel) => sum + (channel[index] ?? 0), 0) / channels.length);
}

/** RIFF/WAVE. */
export function encodeWav(samples: Float32Array): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + samples.length * 2);
  const view = new DataView(bytes.buffer);
  const tag = (at: number, text: string): void => {
    for (let index = 0; index < text.length; index += 1) view.setUint8(at + index, text.charCodeAt(index));
  };
  tag(0, 'RIFF');
  view.setUint32(4, bytes.length - 8, true);
  tag(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, SAMPLE_RATE, true);
  view.setUint32(28, SAMPLE_RATE * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  tag(36, 'data');
  view.setUint32(40, samples.length * 2, true);
  for (const [index, sample] of samples.entries()) {
    view.setInt16(HEADER_BYTES + index * 2, Math.round(Math.max(-1, Math.min(1, sample)) * 32_767), true);
  }
  return bytes;
}
