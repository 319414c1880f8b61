import type { CardWarning, CardWarningCode } from '../../../contract/cards.ts';
import { InvalidInputError, TooLargeError } from '../../base/errors.ts';
import type { StoredCard } from '../card.ts';

/** Bytes of the card's JSON, wherever it lies; real ones stay below 10 MiB. */
export const MAX_JSON_BYTES = 64 * 1024 * 1024;
/** Files of one card. */
export const MAX_FILES = 10_000;

/** A file that a card names or its container holds. Its bytes are read when they are wanted, one after another. */
export interface CardAsset {
  type: string;
  name: string;
  /** Lower case, without a dot; `unknown` where nothing says. */
  ext: string;
  /** As the card's entry in `data.assets` names it. */
  uri: string;
  read(): Promise<Uint8Array>;
}

/** A part of a container that no entry of the card names. */
export interface ContainerFile {
  path: string;
  read(): Promise<Uint8Array>;
}

export interface CardFile {
  card: StoredCard;
  /** `V1`, `V2`, `V3`, `Pygmalion`, `text-generation-webui` or `Agnai`. */
  spec: string;
  /** `PNG`, `APNG`, `JSON`, `YAML` or `CHARX`. */
  container: string;
  /** For people: `V2 PNG`. */
  format: string;
  /** What the card says of its version; empty where it says nothing. */
  version: string;
  warnings: CardWarning[];
  /** The portrait without the card in it. */
  picture: Uint8Array | null;
  assets: CardAsset[];
  containerFiles: ContainerFile[];
}

/** The longest list of remarks; one hostile file must not fill a page. */
const MAX_WARNINGS = 100;
const MAX_DETAIL = 120;

/** Collects remarks, each once. */
export class CardWarnings {
  readonly list: CardWarning[] = [];
  readonly #seen = new Set<string>();

  add(code: CardWarningCode, detail = ''): void {
    const short = detail.slice(0, MAX_DETAIL).toWellFormed();
    const key = `${code}\n${short}`;
    if (this.#seen.has(key) || this.list.length >= MAX_WARNINGS) return;
    this.#seen.add(key);
    this.list.push({ code, detail: short });
  }
}

export type CardProblem =
  | 'card-empty'
  | 'card-not-json'
  | 'card-unknown'
  | 'card-is-book'
  | 'card-nameless'
  | 'card-damaged'
  | 'card-missing'
  | 'card-too-deep'
  | 'card-encrypted'
  | 'card-archive';

export function cardProblem(code: CardProblem, message: string, cause?: unknown): InvalidInputError {
  return new InvalidInputError(message, { code, field: 'data', ...(cause === undefined ? {} : { cause }) });
}

export function cardTooLarge(message: string): TooLargeError {
  return new TooLargeError(message, { code: 'card-too-large', field: 'data' });
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
