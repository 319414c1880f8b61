import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EmbeddingHandle } from '../../src/models/spec/embedding-handle.ts';

/** Texts that are embedded before the file is written again: an interrupted run loses at most these. */
const TEXTS_PER_SAVE = 512;
const KEY_BYTES = 16;

/** Vectors of one model on disk, by a hash of kind and text: a machine embeds a set once. */
export class VectorCache {
  readonly #handle: EmbeddingHandle;
  readonly #file: string;
  readonly #vectors = new Map<string, Float32Array>();

  private constructor(handle: EmbeddingHandle, file: string) {
    this.#handle = handle;
    this.#file = file;
  }

  static async open(handle: EmbeddingHandle, folder: string): Promise<VectorCache> {
    await mkdir(folder, { recursive: true });
    const cache = new VectorCache(handle, join(folder, `${handle.ref.replace(/[^\w.-]+/g, '-')}.vectors`));
    await cache.#load();
    return cache;
  }

  get languages(): readonly string[] {
    return this.#handle.languages;
  }

  /** A vector for each text, in order; what is not there yet is computed and kept. */
  async vectorsOf(
    texts: readonly string[],
    {
      kind,
      signal,
      onProgress,
    }: { kind: 'query' | 'passage'; signal: AbortSignal; onProgress: (left: number) => void },
  ): Promise<Float32Array[]> {
    const keys = texts.map((text) =>
      createHash('sha256')
        .update(`${kind}\0${text}`)
        .digest('hex')
        .slice(0, KEY_BYTES * 2),
    );
    const missing = new Map(
      keys.flatMap((key, index) => (this.#vectors.has(key) ? [] : [[key, texts[index] ?? ''] as const])),
    );
    const wanted = [...missing];
    for (let from = 0; from < wanted.length; from += TEXTS_PER_SAVE) {
      const batch = wanted.slice(from, from + TEXTS_PER_SAVE);
      onProgress(wanted.length - from);
      const vectors = await this.#handle.embed(
        batch.map(([, text]) => text),
        { kind, signal },
      );
      for (const [index, [key]] of batch.entries())
        this.#vectors.set(key, vectors[index] ?? new Float32Array(this.#handle.dimensions));
      await this.#save();
    }
    return keys.map((key) => this.#vectors.get(key) ?? new Float32Array(this.#handle.dimensions));
  }

  get #entryBytes(): number {
    return KEY_BYTES + this.#handle.dimensions * Float32Array.BYTES_PER_ELEMENT;
  }

  async #load(): Promise<void> {
    const bytes = await readFile(this.#file).catch(() => Buffer.alloc(0));
    for (let at = 0; at + this.#entryBytes <= bytes.length; at += this.#entryBytes) {
      const key = bytes.toString('hex', at, at + KEY_BYTES);
      const copy = Uint8Array.prototype.slice.call(bytes, at + KEY_BYTES, at + this.#entryBytes);
      this.#vectors.set(key, new Float32Array(copy.buffer));
    }
  }

  async #save(): Promise<void> {
    const bytes = Buffer.alloc(this.#vectors.size * this.#entryBytes);
    let at = 0;
    for (const [key, vector] of this.#vectors) {
      bytes.write(key, at, 'hex');
      bytes.set(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength), at + KEY_BYTES);
      at += this.#entryBytes;
    }
    // Written beside and moved: an interrupted run leaves the file as it was.
    await writeFile(`${this.#file}.new`, bytes);
    await rename(`${this.#file}.new`, this.#file);
  }
}
