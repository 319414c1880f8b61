import { z } from 'zod';
import { parseJson } from '../chat/parse-json.ts';
import type { Sealer } from '../media/foreign-ids.ts';

const contentSchema = z.tuple([z.enum(['thought', 'summary']), z.string(), z.string()]);
type SealedKind = z.infer<typeof contentSchema>[0];

/** Texts that callers carry about without reading them: each opens for who it was sealed for alone. */
export class SealedTexts {
  readonly #sealer: Sealer;

  constructor(sealer: Sealer) {
    this.#sealer = sealer;
  }

  seal(text: string, { kind, ownerId }: { kind: SealedKind; ownerId: string }): string {
    return this.#sealer.seal(JSON.stringify([kind, ownerId, text]));
  }

  /** Null for what was not sealed here, for another person, or as something else. */
  open(sealed: string, { kind, ownerId }: { kind: SealedKind; ownerId: string }): string | null {
    try {
      const [sealedKind, sealedFor, text] = contentSchema.parse(parseJson(this.#sealer.open(sealed), 'content'));
      return sealedKind === kind && sealedFor === ownerId ? text : null;
    } catch {
      // Whatever was made up opens for nobody.
      return null;
    }
  }
}
