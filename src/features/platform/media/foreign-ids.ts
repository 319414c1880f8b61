import { z } from 'zod';
import { NotFoundError } from '../../../base/errors.ts';
import { parseJson } from '../chat/parse-json.ts';

const contentSchema = z.tuple([z.string(), z.string(), z.string(), z.string()]);

export interface ForeignThing {
  kind: 'video' | 'task' | 'file';
  providerId: string;
  id: string;
  ownerId: string;
}

/** Seals text with a key that lives in the data folder only. */
export interface Sealer {
  seal(text: string): string;
  open(sealed: string): string;
}

/**
 * Ids of what lies at providers, as they are handed out: sealed together with whose it is and where, so that nobody
 * reaches another's by guessing and nothing has to be kept here.
 */
export class ForeignIds {
  readonly #sealer: Sealer;

  constructor(sealer: Sealer) {
    this.#sealer = sealer;
  }

  seal({ kind, providerId, id, ownerId }: ForeignThing): string {
    const sealed = this.#sealer.seal(JSON.stringify([kind, providerId, id, ownerId]));
    return `${kind}_${Buffer.from(sealed).toString('base64url')}`;
  }

  /** Throws `NotFoundError` for what is none, or somebody else's. */
  open(text: string, { kind, ownerId }: Pick<ForeignThing, 'kind' | 'ownerId'>): ForeignThing {
    const read = this.#read(text, kind);
    if (read && read[0] === kind && read[3] === ownerId) return { kind, providerId: read[1], id: read[2], ownerId };
    throw new NotFoundError(`There is no ${kind} “${text.slice(0, 60)}”.`, { code: `${kind}-unknown` });
  }

  #read(text: string, kind: string): z.infer<typeof contentSchema> | null {
    if (!text.startsWith(`${kind}_`)) return null;
    try {
      const sealed = Buffer.from(text.slice(kind.length + 1), 'base64url').toString('utf8');
      return contentSchema.parse(parseJson(this.#sealer.open(sealed), 'id'));
    } catch {
      // Whatever was made up is simply not there.
      return null;
    }
  }
}
