import { parseByteText, PublicName } from './public-name.ts';
import { readRelayUsage, type RelayUsage } from './relay-usage.ts';

/** Characters of a frame that has no end yet; pictures travel in frames of some providers. */
const LONGEST_FRAME = 32 * 1024 * 1024;
const FRAME_END = '\n\n';
/** Keys whose strings are what a model wrote. */
const WRITTEN_KEYS = ['"content":', '"reasoning_content":', '"reasoning":', '"arguments":'];

export interface FrameReaderOptions {
  /** Stands in every frame instead of the provider's own. */
  model: string;
  /** The caller asked for it; else what the provider tells of usage stays here. */
  includeUsage: boolean;
}

/**
 * Reads a provider's stream of chat completion chunks as it passes: whole frames go on, byte for byte but for the
 * model's name, and only those that tell of usage or faults are parsed. `[DONE]` is kept back for whoever ends the
 * stream. Texts are bytes: UTF-8 in Latin-1 strings.
 */
export class FrameReader {
  readonly #includeUsage: boolean;
  readonly #name: PublicName;
  #rest = '';
  /** As the provider says; null until it does. */
  usage: RelayUsage | null = null;
  /** Frames that carried something a model wrote, and the bytes of it. */
  frames = 0;
  writtenBytes = 0;
  /** A reason to finish was given, or `[DONE]`. */
  isFinished = false;
  /** `[DONE]` came. */
  isOver = false;
  /** What the provider says went wrong, in its own words. */
  fault: unknown;

  constructor({ model, includeUsage }: FrameReaderOptions) {
    this.#name = new PublicName(model);
    this.#includeUsage = includeUsage;
  }

  /** Returns what goes on; often as much as came, sometimes nothing. */
  take(bytes: Buffer): string {
    const arrived = bytes.toString('latin1');
    let text = this.#rest === '' ? arrived : this.#rest + arrived;
    if (text.includes('\r')) text = text.replaceAll('\r\n', '\n');
    const end = text.lastIndexOf(FRAME_END);
    if (end < 0) {
      this.#keep(text);
      return '';
    }
    const wholeEnd = end + FRAME_END.length;
    if (wholeEnd < text.length) {
      this.#keep(text.slice(wholeEnd));
      text = text.slice(0, wholeEnd);
    } else this.#rest = '';
    return this.#frames(text);
  }

  /** A last frame without its end. */
  end(): string {
    const rest = this.#rest.trim();
    this.#rest = '';
    return rest === '' ? '' : this.#frames(rest + FRAME_END);
  }

  #keep(text: string): void {
    if (text.length > LONGEST_FRAME) this.fault = 'A frame of the stream has no end.';
    else this.#rest = text;
  }

  #frames(text: string): string {
    let onward = '';
    for (let from = 0; from < text.length;) {
      const to = text.indexOf(FRAME_END, from) + FRAME_END.length;
      onward += this.#frame(from === 0 && to === text.length ? text : text.slice(from, to));
      from = to;
    }
    return onward;
  }

  #frame(frame: string): string {
    if (!frame.startsWith('data:')) return frame;
    if (frame.startsWith('[DONE]', frame[5] === ' ' ? 6 : 5)) {
      this.isFinished = true;
      this.isOver = true;
      return '';
    }
    const written = writtenIn(frame);
    if (written > 0) {
      this.frames += 1;
      this.writtenBytes += written;
    } else if (frame.includes('"error":') && !frame.includes('"choices":')) {
      this.fault = faultOf(parseByteText(frame.slice(5))) ?? this.fault;
      return '';
    }
    if (valueAfter(frame, '"finish_reason":') === '"') this.isFinished = true;
    return this.#usageOf(this.#name.put(frame));
  }

  #usageOf(frame: string): string {
    const next = valueAfter(frame, '"usage":');
    if (next === undefined) return frame;
    if (next !== '{') return this.#includeUsage ? frame : frame.replace(/,"usage": ?null/, '');
    const value = parseByteText(frame.slice(5)) as { usage?: unknown; choices?: unknown } | undefined;
    this.usage = readRelayUsage(value?.usage) ?? this.usage;
    const isOnlyUsage = Array.isArray(value?.choices) && value.choices.length === 0;
    return isOnlyUsage && !this.#includeUsage ? '' : frame;
  }
}

/** Bytes of what the model wrote in a frame. */
function writtenIn(frame: string): number {
  for (const key of WRITTEN_KEYS) {
    const at = frame.indexOf(key);
    if (at < 0) continue;
    const start = frame.indexOf('"', at + key.length) + 1;
    if (start === 0 || frame.slice(at + key.length, start - 1).trim() !== '') continue;
    let end = frame.indexOf('"', start);
    while (end > 0 && isEscaped(frame, end)) end = frame.indexOf('"', end + 1);
    if (end > start) return end - start;
  }
  return 0;
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text[at - 1 - slashes] === '\\') slashes += 1;
  return slashes % 2 === 1;
}

/** The first sign of the value behind a key; undefined where the key is not there. */
function valueAfter(text: string, key: string): string | undefined {
  const at = text.indexOf(key);
  if (at < 0) return undefined;
  const next = text[at + key.length];
  return next === ' ' ? text[at + key.length + 1] : next;
}

function faultOf(value: unknown): unknown {
  return (value as { error?: unknown } | undefined)?.error;
}
