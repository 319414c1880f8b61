import { parse, YAMLError } from 'yaml';
import { cardProblem, cardTooLarge, MAX_JSON_BYTES, type CardWarnings } from './card-file.ts';

/** 2 MiB: YAML cards are typed by hand, and the parser is slower than JSON's. */
const MAX_YAML_BYTES = 2 * 1024 * 1024;
/** Anchors used again; a bomb needs dozens. */
const MAX_ALIASES = 16;

interface Reading {
  fileName: string;
  warnings: CardWarnings;
}

/** Bytes as text: UTF-8 or, with its mark, UTF-16; broken letters become U+FFFD and are said. */
export function decodeText(bytes: Uint8Array, { fileName, warnings }: Reading): string {
  if (bytes.length > MAX_JSON_BYTES) throw cardTooLarge(`The text in “${fileName}” is larger than 64 MiB.`);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    warnings.add('text-repaired');
    return new TextDecoder('utf-8').decode(bytes);
  }
}

/** A run of digits that a double cannot hold. */
const LONG_NUMBER = /[\s:,[{-]\d{16,}/;

export function parseJsonText(text: string, { fileName, warnings }: Reading): unknown {
  try {
    if (LONG_NUMBER.test(text)) tellRounded(text, warnings);
    return JSON.parse(text);
  } catch (error) {
    throw cardProblem(
      'card-not-json',
      `“${fileName}” does not hold a character: its text is not valid JSON.`,
      error instanceof RangeError ? undefined : error,
    );
  }
}

function tellRounded(text: string, warnings: CardWarnings): void {
  const look = (key: string, value: unknown, context?: { source?: string }): unknown => {
    const source = context?.source ?? '';
    if (typeof value === 'number' && /^-?\d+$/.test(source) && BigInt(source) !== BigInt(value)) {
      warnings.add('number-rounded', key);
    }
    return value;
  };
  JSON.parse(text, look);
}

/** True for what a person would take for a YAML card: a line that begins with one of its fields. */
export function looksLikeYaml(text: string, fileName: string): boolean {
  return (
    /\.ya?ml$/i.test(fileName) ||
    /^(?:name|char_name|context|greeting|char_persona)[ \t]*:/m.test(text.slice(0, 65_536))
  );
}

/** Core schema only: no custom tags, no objects but plain ones. */
export function parseYamlText(text: string, { fileName }: Reading): unknown {
  if (text.length > MAX_YAML_BYTES) throw cardTooLarge(`The YAML in “${fileName}” is larger than 2 MiB.`);
  try {
    return parse(text, {
      schema: 'core',
      version: '1.2',
      maxAliasCount: MAX_ALIASES,
      merge: false,
      resolveKnownTags: false,
      logLevel: 'silent',
      prettyErrors: false,
    });
  } catch (error) {
    const reason =
      error instanceof YAMLError || error instanceof ReferenceError ? ` (${error.message.slice(0, 200)})` : '';
    throw cardProblem('card-not-json', `“${fileName}” does not hold a character: its YAML cannot be read${reason}.`);
  }
}
