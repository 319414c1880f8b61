import { parseByteText, PublicName } from './public-name.ts';
import { readRelayUsage, type RelayUsage } from './relay-usage.ts';

const FINISH_KEY = '"finish_reason":';
/** What stands in frames of which more has to be known than how much was written. */
const SPECIAL = ['"usage":', '"error":', '[DONE]'];
/** Characters of a frame that has no end yet; pictures travel in frames of some providers. */
const LONGEST_FRAME = 32 * 1024 * 1024;
const FRAME_END = '\n\n';
/** Keys whose strings are what a model wrote. */
const WRITTEN_KEYS: readonly string[] = ['"content":', '"reasoning_content":', '"reasoning":', '"arguments":'];

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
    if (SPECIAL.some((sign) => text.includes(sign)) || !this.#name.standsIn(text)) return this.#eachFrame(text);
    this.#countFrames(text);
    return text;
  }

  /** Frames that go on as they are, which most are: they are looked through where they stand. */
  #countFrames(text: string): void {
    const keys = WRITTEN_KEYS.filter((key) => text.includes(key));
    let finish = text.indexOf(FINISH_KEY);
    for (let from = 0; from < text.length;) {
      const to = text.indexOf(FRAME_END, from) + FRAME_END.length;
      if (finish >= 0 && finish < from) finish = text.indexOf(FINISH_KEY, from);
      if (text.startsWith('data:', from)) {
        this.#countWritten(writtenIn(text, { from, to, keys }));
        if (finish >= 0 && finish < to && signAt(text, finish + FINISH_KEY.length) === '"') this.isFinished = true;
      }
      from = to;
    }
  }

  #countWritten(bytes: number): void {
    if (bytes === 0) return;
    this.frames += 1;
    this.writtenBytes += bytes;
  }

  #eachFrame(text: string): string {
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
    const written = writtenIn(frame, { from: 0, to: frame.length, keys: WRITTEN_KEYS });
    this.#countWritten(written);
    if (written === 0 && frame.includes('"error":') && !frame.includes('"choices":')) {
      this.fault = faultOf(parseByteText(frame.slice(5))) ?? this.fault;
      return '';
    }
    if (valueAfter(frame, FINISH_KEY) === '"') this.isFinished = true;
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

interface FramePlace {
  from: number;
  to: number;
  /** Those of `WRITTEN_KEYS` that there are. */
  keys: readonly string[];
}

/** Bytes of what the model wrote in the frame at a place of `text`. */
function writtenIn(text: string, { from, to, keys }: FramePlace): number {
  for (const key of keys) {
    const at = text.indexOf(key, from);
    if (at < 0 || at >= to) continue;
    const valueAt = at + key.length;
    const start = text.indexOf('"', valueAt) + 1;
    if (start === 0 || start > to || text.slice(valueAt, start - 1).trim() !== '') continue;
    let end = text.indexOf('"', start);
    while (end > 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
    if (end > start && end < to) return end - start;
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
  return at < 0 ? undefined : signAt(text, at + key.length);
}

/** The sign at a place, or behind the space there. */
function signAt(text: string, at: number): string | undefined {
  return text[at] === ' ' ? text[at + 1] : text[at];
}

function faultOf(value: unknown): unknown {
  return (value as { error?: unknown } | undefined)?.error;
}
