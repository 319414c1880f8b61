import { chmodSync, closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { errorMessage } from '../base/errors.ts';
import { createLogger, type Logger } from '../base/logger.ts';

/** Bytes of one file; with the files kept beside it the log is never larger than 20 MiB. */
const MAX_FILE_BYTES = 5 * 1024 * 1024;
const KEPT_FILES = 3;
/** pino's number for `warn`. */
const WARN = 40;
/** The same warning is said once in this time, milliseconds. */
const REPEAT_IN_MS = 60_000;

const entrySchema = z.object({ msg: z.string().optional(), err: z.object({ message: z.string() }).optional() });

export interface HouseLogOptions {
  dataDirectory: string;
  level: string;
  /** Hears of warnings and errors in one line, for a person. */
  warn?: (text: string) => void;
  now: () => number;
  maxFileBytes?: number;
}

export function logPath(dataDirectory: string): string {
  return join(dataDirectory, 'logs', 'everwith.log');
}

/** The structured log of a data folder: JSON lines in `logs/everwith.log` (mode 0600), rotated by size. */
export function openHouseLog(options: HouseLogOptions): Logger {
  const file = new RotatingFile(logPath(options.dataDirectory), options.maxFileBytes ?? MAX_FILE_BYTES);
  const said = new Map<string, number>();
  const say = (text: string) => {
    const now = options.now();
    if (now - (said.get(text) ?? -Infinity) < REPEAT_IN_MS) return;
    said.set(text, now);
    options.warn?.(text);
  };
  return createLogger({
    level: options.level,
    destination: {
      write: (line) => {
        const failure = file.write(line);
        if (failure !== undefined) say(`The log cannot be written: ${failure}`);
        if (options.warn) {
          const text = warningOf(line);
          if (text !== undefined) say(text);
        }
      },
    },
  });
}

/** Writes in order and at once, so that the last words before a crash are there. Opens at the first line. */
class RotatingFile {
  readonly #path: string;
  readonly #maxBytes: number;
  #descriptor: number | undefined;
  #size = 0;

  constructor(path: string, maxBytes: number) {
    this.#path = path;
    this.#maxBytes = maxBytes;
  }

  /** Returns why it could not; a log must not end what it tells about. */
  write(line: string): string | undefined {
    try {
      if (this.#descriptor !== undefined && this.#size >= this.#maxBytes) this.#rotate();
      this.#descriptor ??= this.#open();
      this.#size += writeSync(this.#descriptor, line);
      return undefined;
    } catch (error) {
      return errorMessage(error);
    }
  }

  #open(): number {
    mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
    const descriptor = openSync(this.#path, 'a', 0o600);
    chmodSync(this.#path, 0o600);
    this.#size = fstatSync(descriptor).size;
    return descriptor;
  }

  #rotate(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
    for (let index = KEPT_FILES; index > 0; index -= 1) {
      try {
        renameSync(index === 1 ? this.#path : `${this.#path}.${index - 1}`, `${this.#path}.${index}`);
      } catch {
        // There are not that many yet.
      }
    }
  }
}

function warningOf(line: string): string | undefined {
  const level = Number(/^\{"level":(\d+)/.exec(line)?.[1]);
  if (!(level >= WARN)) return undefined;
  const entry = entrySchema.parse(JSON.parse(line));
  return [entry.msg, entry.err?.message].filter((text) => text !== undefined && text !== '').join(': ');
}
