/** Some sound of a file, in order: samples in [-1, 1] of every channel. */
export interface DecodedPart {
  channelData: readonly Float32Array[];
  sampleRate: number;
}

/** The file is sound, but of a kind that only a program of the machine reads. */
export class NotReadHereError extends Error {
  constructor(what: string) {
    super(`This is not read here: ${what}`);
    this.name = 'NotReadHereError';
  }
}
