/** What we use of sherpa-onnx-node 1.13, which ships no types. */
declare module 'sherpa-onnx-node' {
  export interface OfflineRecognizerConfig {
    featConfig: { sampleRate: number; featureDim: number };
    modelConfig: {
      tokens: string;
      numThreads: number;
      provider: 'cpu';
      debug: 0 | 1;
      senseVoice?: { model: string; language: string; useInverseTextNormalization: 0 | 1 };
      whisper?: { encoder: string; decoder: string; language: string; task: 'transcribe'; tailPaddings: number };
    };
  }

  export interface OfflineStream {
    acceptWaveform(audio: { samples: Float32Array; sampleRate: number }): void;
  }

  export interface OfflineRecognizerResult {
    text: string;
    /** `<|zh|>` of SenseVoice, `zh` of Whisper, or empty. */
    lang?: string;
  }

  export interface OfflineRecognizer {
    createStream(): OfflineStream;
    setConfig(config: OfflineRecognizerConfig): void;
    /** On a thread of libuv's pool. */
    decodeAsync(stream: OfflineStream): Promise<OfflineRecognizerResult>;
  }

  interface SherpaOnnx {
    OfflineRecognizer: { createAsync(config: OfflineRecognizerConfig): Promise<OfflineRecognizer> };
  }
  const sherpa: SherpaOnnx;
  export default sherpa;
}
