import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { placeKindSchema } from '../../../contract/attachments.ts';
import { SideProgram, SideProgramError } from '../../base/side-program.ts';
import { UnreadableFileError, type FileSection, type ReadableKind } from './file-text.ts';

/** A file that takes longer than this is not read, milliseconds. */
const PATIENCE_MS = 60_000;
const HEAP_MIB = 640;
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

/** Reads files of strangers in child processes with limits of memory and time. */
export class FileReader {
  readonly #folder: string;
  readonly #program: SideProgram;

  /** `folder`: where files lie while they are read. */
  constructor({ folder, patienceInMs = PATIENCE_MS }: { folder: string; patienceInMs?: number }) {
    this.#folder = folder;
    this.#program = new SideProgram({ program: PROGRAM, heapInMib: HEAP_MIB, patienceInMs, atOnce: AT_ONCE });
  }

  /** Throws `UnreadableFileError`, or the signal's reason. */
  async read({ bytes, kind, isMarkdown, signal }: ReadRequest): Promise<FileSection[]> {
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

  async #run(words: string[], signal: AbortSignal): Promise<void> {
    try {
      await this.#program.run(words, signal);
    } catch (error) {
      if (!(error instanceof SideProgramError)) throw error;
      throw new UnreadableFileError(error.reason === 'too-slow' ? 'too-slow' : 'too-large-unpacked', error);
    }
  }
}
