import { z } from 'zod';
import { InvalidInputError, TooLargeError } from '../base/errors.ts';
import { cardSchema, type Card } from './card.ts';
import { isPng, readPngText } from './png-text.ts';

/** 12 MiB: the largest cards people share are about 8. */
export const MAX_CARD_BYTES = 12 * 1024 * 1024;
/** Nesting of a hostile JSON card; real ones stay below 20. */
const MAX_DEPTH = 64;

export interface ReadCard {
  card: Card;
  /** `V1`, `V2` or `V3`, with `PNG` or `JSON`. */
  format: string;
  warnings: string[];
  /** The picture a PNG card is. */
  picture: Uint8Array | null;
}

const framedSchema = z.looseObject({ spec: z.string(), data: z.record(z.string(), z.unknown()) });
const bareSchema = z.looseObject({ name: z.string() });

/** Reads a Character Card V1, V2 or V3 as JSON or PNG. Throws an `InvalidInputError` that says what is wrong. */
export function readCard(bytes: Uint8Array, fileName: string): ReadCard {
  if (bytes.length === 0) throw new InvalidInputError(`“${fileName}” is empty.`, { code: 'card-empty', field: 'data' });
  if (bytes.length > MAX_CARD_BYTES) {
    throw new TooLargeError(`“${fileName}” is larger than 12 MiB.`, { code: 'card-too-large', field: 'data' });
  }
  if (isPng(bytes)) {
    const texts = readPngText(bytes);
    const carried = texts.get('ccv3') ?? texts.get('chara');
    if (carried === undefined) {
      throw new InvalidInputError(`“${fileName}” is a picture without a character inside.`, {
        code: 'card-missing',
        field: 'data',
      });
    }
    const json = new TextDecoder('utf-8').decode(Buffer.from(carried, 'base64'));
    return { ...readCardJson(json, { fileName, container: 'PNG' }), picture: bytes };
  }
  const json = new TextDecoder('utf-8').decode(bytes);
  return { ...readCardJson(json, { fileName, container: 'JSON' }), picture: null };
}

function readCardJson(
  json: string,
  { fileName, container }: { fileName: string; container: 'PNG' | 'JSON' },
): Omit<ReadCard, 'picture'> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new InvalidInputError(`“${fileName}” does not hold a character: its text is not valid JSON.`, {
      code: 'card-not-json',
      field: 'data',
      cause: error,
    });
  }
  requireShallow(value, fileName);
  const warnings: string[] = [];
  const framed = framedSchema.safeParse(value);
  const bare = bareSchema.safeParse(value);
  let format: string;
  let data: Record<string, unknown>;
  if (framed.success) {
    format = framed.data.spec === 'chara_card_v3' ? 'V3' : 'V2';
    if (framed.data.spec !== 'chara_card_v3' && framed.data.spec !== 'chara_card_v2') {
      warnings.push(`The card calls itself “${framed.data.spec.slice(0, 60)}”; it was read as V2.`);
    }
    data = framed.data.data;
  } else if (bare.success) {
    format = 'V1';
    data = bare.data;
  } else {
    throw new InvalidInputError(`“${fileName}” is JSON, but not a character card.`, {
      code: 'card-unknown',
      field: 'data',
    });
  }
  const version = framed.success ? framed.data['spec_version'] : undefined;
  if (Number.parseFloat(String(version)) > 3)
    warnings.push(`The card is of a newer version (${String(version)}); unknown parts are kept.`);
  const card = cardSchema.safeParse({
    ...(framed.success ? framed.data : {}),
    spec: 'chara_card_v3',
    spec_version: format === 'V3' && typeof version === 'string' ? version : '3.0',
    data,
  });
  if (!card.success) {
    throw new InvalidInputError(`“${fileName}” is a damaged card: ${z.prettifyError(card.error).slice(0, 500)}`, {
      code: 'card-damaged',
      field: 'data',
    });
  }
  if (card.data.data.name.trim() === '') {
    throw new InvalidInputError(`“${fileName}” holds a character without a name.`, {
      code: 'card-nameless',
      field: 'data',
    });
  }
  return { card: card.data, format: `${format} ${container}`, warnings };
}

function requireShallow(value: unknown, fileName: string): void {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) {
      throw new InvalidInputError(`“${fileName}” is nested too deeply to be a character card.`, {
        code: 'card-too-deep',
        field: 'data',
      });
    }
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []));
  }
}
