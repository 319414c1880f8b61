import { createReadStream } from 'node:fs';
import { InvalidInputError, errorMessage } from '../../src/base/errors.ts';

/** Longest item, in UTF-16 units: a LongMemEval-M question with its 500 sessions has some 6 million. */
const ITEM_LENGTH = 200_000_000;

/**
 * The items of a file that holds one JSON array of objects, one at a time, so that files of gigabytes are read in the
 * memory of one item. Throws an `InvalidInputError` that names the item.
 */
export async function* jsonItems(file: string): AsyncGenerator {
  const splitter = new ItemSplitter(file);
  try {
    for await (const chunk of createReadStream(file, { encoding: 'utf8' })) yield* splitter.push(String(chunk));
  } catch (error) {
    if (error instanceof InvalidInputError) throw error;
    throw new InvalidInputError(`${file} cannot be read: ${errorMessage(error)}`, { cause: error });
  }
  splitter.end();
}

const OPEN = '{[';
const CLOSE = '}]';

class ItemSplitter {
  readonly #file: string;
  #pieces: string[] = [];
  #length = 0;
  #depth = 0;
  #inString = false;
  #escaped = false;
  #count = 0;

  constructor(file: string) {
    this.#file = file;
  }

  *push(chunk: string): Generator {
    let from = this.#depth > 1 ? 0 : -1;
    for (let at = 0; at < chunk.length; at += 1) {
      const character = chunk.charAt(at);
      if (this.#inString) this.#insideString(character);
      else if (character === '"') this.#inString = true;
      else if (OPEN.includes(character)) {
        this.#depth += 1;
        if (this.#depth === 2) from = at;
      } else if (CLOSE.includes(character)) {
        this.#depth -= 1;
        if (this.#depth === 1) {
          this.#keep(chunk.slice(Math.max(0, from), at + 1));
          from = -1;
          yield this.#item();
        }
      } else if (this.#depth === 0 && !/\s|\ufeff/.test(character)) this.#fail('is no JSON array of objects');
    }
    if (from >= 0) this.#keep(chunk.slice(from));
  }

  end(): void {
    if (this.#depth !== 0 || this.#inString) this.#fail(`ends in the middle of item ${this.#count + 1}`);
    if (this.#count === 0) this.#fail('holds no item');
  }

  #insideString(character: string): void {
    if (this.#escaped) this.#escaped = false;
    else if (character === '\\') this.#escaped = true;
    else if (character === '"') this.#inString = false;
  }

  #keep(piece: string): void {
    this.#length += piece.length;
    if (this.#length > ITEM_LENGTH)
      this.#fail(`has an item (${this.#count + 1}) of more than ${ITEM_LENGTH} characters`);
    this.#pieces.push(piece);
  }

  #item(): unknown {
    const text = this.#pieces.join('');
    this.#pieces = [];
    this.#length = 0;
    this.#count += 1;
    try {
      return JSON.parse(text);
    } catch (error) {
      return this.#fail(`has an item (${this.#count}) that is not JSON: ${errorMessage(error)}`);
    }
  }

  #fail(why: string): never {
    throw new InvalidInputError(`${this.#file} ${why}.`);
  }
}
