import { createReadStream } from 'node:fs';
import { mkdir, open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleHeadSchema } from '../../../contract/moving.ts';
import { InvalidInputError, ResourceError } from '../../base/errors.ts';
import { parseSafeJson } from '../../conversation/exchange/safe-json.ts';
import { requireWithin } from './sources/folder-source.ts';
import { SOURCE_LIMITS, type MoveSource, type SourceFile } from './sources/move-source.ts';

/** Bytes of the line before a file in a bundle. */
const MAX_HEAD_BYTES = 8192;
const NEWLINE = 0x0a;

interface Arriving {
  path: string;
  place: string;
  size: number;
  /** Bytes still to come. */
  left: number;
  handle: FileHandle;
}

/** Uploaded files, waiting on disk under numbers until the move is over. */
export class Staging implements AsyncDisposable {
  readonly #folder: string;
  readonly #files = new Map<string, { place: string; size: number }>();
  #number = 0;
  bytes = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  get count(): number {
    return this.#files.size;
  }

  /** Takes in a bundle: heads (`bundleHeadSchema`), each before its file's bytes. */
  async receive(stream: AsyncIterable<Uint8Array>): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    let head = Buffer.alloc(0);
    let arriving: Arriving | undefined;
    try {
      for await (const chunk of stream) {
        let rest: Uint8Array = chunk;
        while (rest.length > 0) {
          if (!arriving) {
            const end = rest.indexOf(NEWLINE);
            head = Buffer.concat([head, end < 0 ? rest : rest.subarray(0, end)]);
            if (head.length > MAX_HEAD_BYTES) throw malformed();
            rest = end < 0 ? rest.subarray(rest.length) : rest.subarray(end + 1);
            if (end < 0) continue;
            arriving = await this.#begin(head);
            head = Buffer.alloc(0);
          }
          const piece = rest.subarray(0, arriving.left);
          await arriving.handle.writeFile(piece);
          arriving.left -= piece.length;
          rest = rest.subarray(piece.length);
          if (arriving.left === 0) {
            await this.#finish(arriving);
            arriving = undefined;
          }
        }
      }
      if (arriving || head.length > 0) {
        throw new InvalidInputError('The upload ended in the middle of a file.', { code: 'upload-cut-off' });
      }
    } catch (error) {
      await arriving?.handle.close();
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC') {
        throw new ResourceError('The disk is full: the files cannot be taken in.', { code: 'disk-full', cause: error });
      }
      throw error;
    }
  }

  source(): MoveSource {
    const files = this.#files;
    return {
      async *files(signal) {
        for (const [path, { place, size }] of files) {
          signal.throwIfAborted();
          const file: SourceFile = { path, size, place, read: () => createReadStream(place) };
          yield file;
        }
      },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #begin(head: Buffer): Promise<Arriving> {
    const parsed = bundleHeadSchema.safeParse(parseSafeJson(head.toString('utf8')));
    if (!parsed.success) throw malformed();
    const { path, size } = parsed.data;
    const shown = path
      .split(/[/\\]+/)
      .map((part) => part.toWellFormed().replace(/\p{Cc}/gu, ''))
      .filter((part) => part !== '' && part !== '.' && part !== '..')
      .join('/');
    requireWithin({ count: this.#files.size + 1, bytes: this.bytes + size }, SOURCE_LIMITS);
    this.#number += 1;
    const place = join(this.#folder, String(this.#number));
    return { path: shown || 'file', place, size, left: size, handle: await open(place, 'wx', 0o600) };
  }

  async #finish({ path, place, size, handle }: Arriving): Promise<void> {
    await handle.close();
    const before = this.#files.get(path);
    if (before) {
      this.bytes -= before.size;
      await rm(before.place, { force: true });
    }
    this.#files.set(path, { place, size });
    this.bytes += size;
  }
}

function malformed(): InvalidInputError {
  return new InvalidInputError('The upload is not a bundle of files.', { code: 'upload-malformed' });
}
