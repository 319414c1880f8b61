/** Turns mono PCM16 into bytes of a format beside the thread that answers. To be disposed of. */
export interface StreamEncoder extends AsyncDisposable {
  push(samples: Int16Array): Promise<Uint8Array>;
  /** What was held back, and the end of the file. */
  end(): Promise<Uint8Array>;
}
