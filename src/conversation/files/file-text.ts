import type { PlaceKind } from '../../../contract/attachments.ts';

/** A part of a file's text with its own place: a page, a chapter, what stands under a heading. */
export interface FileSection {
  placeKind: PlaceKind;
  /** A page's number, a title; empty where there is none, and for `lines`. */
  place: string;
  text: string;
}

/** What a file is, by its bytes. */
export type ReadableKind = 'text' | 'pdf' | 'epub' | 'docx';

/** More text than the longest novels have (UTF-16 units): what is longer is a heap of data. */
export const MOST_CHARACTERS = 6_000_000;

/** Why a file cannot be read; each has its own words. */
export type FileFault =
  | 'damaged'
  | 'encrypted'
  | 'no-text'
  | 'scanned'
  | 'too-long'
  | 'too-large-unpacked'
  | 'binary'
  | 'too-slow';

export class UnreadableFileError extends Error {
  readonly fault: FileFault;

  constructor(fault: FileFault, cause?: unknown) {
    super(fault, { cause });
    this.fault = fault;
  }
}

/** Pages and chapters without their surplus white space; what no store can carry is taken out. */
export function tidyText(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[\p{Cc}]/gu, (character) => (character === '\n' || character === '\t' ? character : ''))
    .replace(/[^\S\n]+\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** Holds a text to the limit while it grows, so that a bomb stops early. */
export class TextMeter {
  #length = 0;

  add(text: string): string {
    this.#length += text.length;
    if (this.#length > MOST_CHARACTERS) throw new UnreadableFileError('too-long');
    return text;
  }
}
