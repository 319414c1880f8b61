import type { Writable } from 'node:stream';

/** A stream that may be a screen. */
export type Output = Writable & { isTTY?: boolean; columns?: number };

const CLEAR_LINE = '\r\u001B[2K';
/** Scripts and their kin that take two columns (a coarse reading of UAX #11). */
const WIDE = /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]/u;

/** Results go to `output`, everything said beside them to `notes`; a line of progress stays below both. */
export class Terminal {
  readonly output: Output;
  readonly notes: Output;
  #progress = '';
  #lastStep: string | undefined;

  constructor({ output, notes }: { output: Output; notes: Output }) {
    this.output = output;
    this.notes = notes;
  }

  /** One line of the result. */
  print(text = ''): void {
    this.#hideProgress();
    this.output.write(`${text}\n`);
    this.#showProgress();
  }

  /** Part of a line of the result, as it comes. */
  write(text: string): void {
    this.#hideProgress();
    this.output.write(text);
  }

  note(text: string): void {
    this.#hideProgress();
    this.notes.write(`${text}\n`);
    this.#showProgress();
  }

  /** On a screen the line is replaced; elsewhere it is written once for each different `step`. */
  progress(text: string, step: string): void {
    if (this.notes.isTTY) {
      this.#progress = fitWidth(text, (this.notes.columns ?? 80) - 1);
      this.#showProgress();
    } else if (step !== this.#lastStep) {
      this.notes.write(`${text}\n`);
    }
    this.#lastStep = step;
  }

  endProgress(): void {
    this.#hideProgress();
    this.#progress = '';
    this.#lastStep = undefined;
  }

  #showProgress(): void {
    if (this.#progress !== '') this.notes.write(CLEAR_LINE + this.#progress);
  }

  #hideProgress(): void {
    if (this.#progress !== '') this.notes.write(CLEAR_LINE);
  }
}

/** Columns a text takes on a screen. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += WIDE.test(character) ? 2 : 1;
  return width;
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

export function fitWidth(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let fitted = '';
  for (const character of text) {
    if (widthOf(fitted + character) > columns - 1) break;
    fitted += character;
  }
  return `${fitted}…`;
}

/** `491 MB`; decimal units, as disks and downloads are sold. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value.toFixed(value < 9.95 && unit > 0 ? 1 : 0)} ${units[unit] ?? ''}`;
}

/** `[#####-----]` */
export function progressBar(fraction: number, width = 24): string {
  const full = Math.round(Math.min(1, Math.max(0, fraction)) * width);
  return `[${'#'.repeat(full)}${'-'.repeat(width - full)}]`;
}
