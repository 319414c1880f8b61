/** What exists inside an audio worklet and is in none of TypeScript's libraries (Web Audio API §1.32). */
declare abstract class AudioWorkletProcessor {
  readonly port: MessagePort;
  constructor();
  /** 128 frames at a time; false ends it. */
  abstract process(inputs: Float32Array[][], outputs: Float32Array[][]): boolean;
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;
/** Hertz of the context. */
declare const sampleRate: number;
/** Frames rendered since the context began. */
declare const currentFrame: number;
