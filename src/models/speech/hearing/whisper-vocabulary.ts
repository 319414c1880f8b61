/** Text from tokens and back: byte strings, several of which may share one letter. */
export class WhisperVocabulary {
  readonly #tokens: readonly Buffer[];
  readonly #ids: ReadonlyMap<string, number>;
  readonly #longest: number;

  constructor(tokens: readonly Uint8Array[]) {
    this.#tokens = tokens.map((token) => Buffer.from(token.buffer, token.byteOffset, token.byteLength));
    this.#ids = new Map(this.#tokens.map((token, id) => [token.toString('latin1'), id]));
    this.#longest = Math.max(0, ...this.#tokens.map((token) => token.length));
  }

  /** Ids that are no text are left out, and halves of letters. */
  decode(ids: readonly number[]): string {
    const bytes = Buffer.concat(ids.map((id) => this.#tokens[id] ?? Buffer.alloc(0)));
    return bytes.toString('utf8').replaceAll('\ufffd', '').trim();
  }

  /** The longest tokens from the left: for a fixed sentence that steers the model, not the training's own merges. */
  encode(text: string): number[] {
    const bytes = Buffer.from(text);
    const ids: number[] = [];
    for (let start = 0; start < bytes.length;) {
      let length = Math.min(this.#longest, bytes.length - start);
      let id = this.#ids.get(bytes.toString('latin1', start, start + length));
      while (id === undefined && length > 1) {
        length -= 1;
        id = this.#ids.get(bytes.toString('latin1', start, start + length));
      }
      if (id !== undefined) ids.push(id);
      start += length;
    }
    return ids;
  }
}
