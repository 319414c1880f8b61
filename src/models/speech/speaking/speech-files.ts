import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Spoken text as it is kept: PCM 16 bit, mono. */
export interface KeptSpeech {
  /** Little-endian. */
  pcm: Uint8Array;
  sampleRate: number;
}

const magic = Buffer.from('EWS1');
const hashBytes = 32;
const headerBytes = magic.length + 4 + hashBytes;
const fileName = /^[0-9a-f]{64}\.pcm$/;
/** Of one that crashed while it wrote; a younger one may still be written. */
const abandonedAfterInMs = 60 * 60_000;
/** Room is made for more than the next one, so that not every write has to look through the folder. */
const leftAfterCleaning = 0.9;

/**
 * Spoken text on the disk, a file `<key>.pcm` each: magic, sample rate (uint32), sha256 of the samples, samples. Written
 * to a temporary name and renamed; a damaged one is deleted when it is read; the longest unused ones leave.
 */
export class SpeechFiles {
  readonly #folder: string;
  readonly #budgetBytes: number;
  #usedBytes: number;

  private constructor(folder: string, budgetBytes: number, usedBytes: number) {
    this.#folder = folder;
    this.#budgetBytes = budgetBytes;
    this.#usedBytes = usedBytes;
  }

  /** Makes the folder, private to the user, and removes what a crash left there. */
  static async open(folder: string, budgetBytes: number): Promise<SpeechFiles> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    let usedBytes = 0;
    for (const name of await readdir(folder)) {
      const path = join(folder, name);
      const found = await stat(path).catch(() => null);
      if (!found?.isFile()) continue;
      if (fileName.test(name)) usedBytes += found.size;
      else if (name.endsWith('.part') && Date.now() - found.mtimeMs > abandonedAfterInMs)
        await rm(path, { force: true });
    }
    return new SpeechFiles(folder, budgetBytes, usedBytes);
  }

  async read(key: string): Promise<KeptSpeech | null> {
    const path = this.#path(key);
    const bytes = await readFile(path).catch(() => null);
    if (bytes === null) return null;
    const kept = decode(bytes);
    if (kept === null) {
      await this.#remove(path, bytes.length);
      return null;
    }
    const now = new Date();
    await utimes(path, now, now).catch(() => undefined);
    return kept;
  }

  async write(key: string, kept: KeptSpeech): Promise<void> {
    const bytes = encode(kept);
    if (bytes.length > this.#budgetBytes) return;
    if (this.#usedBytes + bytes.length > this.#budgetBytes) await this.#makeRoom(bytes.length);
    const path = this.#path(key);
    const temporary = `${path}.${randomUUID()}.part`;
    try {
      await writeFile(temporary, bytes, { mode: 0o600 });
      await rename(temporary, path);
      this.#usedBytes += bytes.length;
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  async clear(): Promise<void> {
    for (const { path, size } of await this.#list()) await this.#remove(path, size);
    this.#usedBytes = 0;
  }

  async #makeRoom(bytes: number): Promise<void> {
    const files = (await this.#list()).toSorted((a, b) => a.usedAt - b.usedAt);
    let used = files.reduce((sum, { size }) => sum + size, 0);
    const allowed = this.#budgetBytes * leftAfterCleaning - bytes;
    for (const { path, size } of files) {
      if (used <= allowed) break;
      await rm(path, { force: true });
      used -= size;
    }
    this.#usedBytes = used;
  }

  async #list(): Promise<{ path: string; size: number; usedAt: number }[]> {
    const names = (await readdir(this.#folder)).filter((name) => fileName.test(name));
    const found = await Promise.all(
      names.map(async (name) => {
        const path = join(this.#folder, name);
        const one = await stat(path).catch(() => null);
        return one && { path, size: one.size, usedAt: one.mtimeMs };
      }),
    );
    return found.filter((one) => one !== null);
  }

  async #remove(path: string, size: number): Promise<void> {
    await rm(path, { force: true });
    this.#usedBytes = Math.max(0, this.#usedBytes - size);
  }

  #path(key: string): string {
    return join(this.#folder, `${key}.pcm`);
  }
}

function encode({ pcm, sampleRate }: KeptSpeech): Buffer {
  const rate = Buffer.alloc(4);
  rate.writeUInt32LE(sampleRate);
  return Buffer.concat([magic, rate, digest(pcm), pcm]);
}

function decode(bytes: Buffer): KeptSpeech | null {
  const pcm = bytes.subarray(headerBytes);
  if (bytes.length < headerBytes || pcm.length % 2 !== 0 || !bytes.subarray(0, magic.length).equals(magic)) return null;
  if (!digest(pcm).equals(bytes.subarray(magic.length + 4, headerBytes))) return null;
  return { pcm, sampleRate: bytes.readUInt32LE(magic.length) };
}

function digest(pcm: Uint8Array): Buffer {
  return createHash('sha256').update(pcm).digest();
}
