import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { placeKindSchema } from '../../../contract/attachments.ts';
import { UnreadableFileError, type FileSection, type ReadableKind } from './file-text.ts';

/** A file that takes longer than this is not read, milliseconds. */
const PATIENCE_MS = 60_000;
/** JavaScript memory of one reading, MiB. */
const HEAP_MIB = 640;
/** Files read at the same time; the others wait. */
const AT_ONCE = 2;
const PROGRAM = join(import.meta.dirname, 'read-file-program.ts');

const outcomeSchema = z.union([
  z.object({ sections: z.array(z.object({ placeKind: placeKindSchema, place: z.string(), text: z.string() })) }),
  z.object({
    fault: z.enum(['damaged', 'encrypted', 'no-text', 'scanned', 'too-long', 'too-large-unpacked', 'binary']),
  }),
]);

export interface ReadRequest {
  bytes: Uint8Array;
  kind: ReadableKind;
  isMarkdown: boolean;
  signal: AbortSignal;
}

/**
 * Reads files of strangers in child processes with limits of memory and time, so that a bomb or an endless loop costs
 * one upload and never the house.
 */
export class FileReader {
  readonly #folder: string;
  readonly #patienceInMs: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  /** `folder`: where files lie while they are read. */
  constructor({ folder, patienceInMs = PATIENCE_MS }: { folder: string; patienceInMs?: number }) {
    this.#folder = folder;
    this.#patienceInMs = patienceInMs;
  }

  /** Throws `UnreadableFileError`, or the signal's reason. */
  async read(request: ReadRequest): Promise<FileSection[]> {
    await this.#enter();
    try {
      request.signal.throwIfAborted();
      return await this.#readBeside(request);
    } finally {
      this.#leave();
    }
  }

  async #readBeside({ bytes, kind, isMarkdown, signal }: ReadRequest): Promise<FileSection[]> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const folder = await mkdtemp(join(this.#folder, 'file-'));
    try {
      const path = join(folder, 'file');
      await writeFile(path, bytes, { mode: 0o600 });
      await this.#run([kind, isMarkdown ? 'markdown' : 'plain', path], signal);
      const outcome = outcomeSchema.parse(JSON.parse(await readFile(`${path}.json`, 'utf8')));
      if ('fault' in outcome) throw new UnreadableFileError(outcome.fault);
      return outcome.sections;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** A process that was ended for its time or its memory says so. */
  #run(words: string[], signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const options = { timeout: this.#patienceInMs, killSignal: 'SIGKILL', signal, env: {} } as const;
      execFile(process.execPath, [`--max-old-space-size=${HEAP_MIB}`, PROGRAM, ...words], options, (error) => {
        if (!error) resolve();
        else if (signal.aborted) reject(signal.reason as Error);
        else reject(new UnreadableFileError(error.killed ? 'too-slow' : 'too-large-unpacked', error));
      });
    });
  }

  async #enter(): Promise<void> {
    if (this.#running >= AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running += 1;
  }

  /** Whoever waits takes the place. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#running -= 1;
  }
}
