import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';

/** Bytes gathered before they are written. */
const BUFFER_BYTES = 256 * 1024;

/** Writes one file while counting and hashing it. */
export class PartWriter implements AsyncDisposable {
  readonly #file: FileHandle;
  readonly #hash = createHash('sha256');
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #size = 0;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Refuses a path that exists. */
  static async open(path: string): Promise<PartWriter> {
    return new PartWriter(await open(path, 'wx', 0o600));
  }

  get size(): number {
    return this.#size;
  }

  async write(data: string | Uint8Array): Promise<void> {
    const bytes = typeof data === 'string' ? Buffer.from(data) : Buffer.from(data);
    this.#hash.update(bytes);
    this.#size += bytes.length;
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes >= BUFFER_BYTES) await this.#flush();
  }

  /** Everything is on disk when it resolves. */
  async finish(): Promise<{ size: number; sha256: string }> {
    await this.#flush();
    await this.#file.sync();
    return { size: this.#size, sha256: this.#hash.digest('hex') };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#waitingBytes = 0;
    // `writeFile` on a handle goes on from where it stands, and finishes what one `write` may leave.
    if (bytes.length > 0) await this.#file.writeFile(bytes);
  }
}
