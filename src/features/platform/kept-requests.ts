import type { Actor } from '../../accounts/actor.ts';

/** Something that is kept of a person's requests. */
interface Keeper {
  purgeAllOf(userId: string): Promise<void>;
  belongings?(actor: Actor): AsyncIterable<{ name: string; file: object }>;
}

/** Everything that is kept of a person's requests to `/v1`: to take along, or to remove for good. */
export class KeptRequests {
  readonly #keepers: readonly Keeper[];

  constructor(keepers: readonly Keeper[]) {
    this.#keepers = keepers;
  }

  async purgeAllOf(userId: string): Promise<void> {
    for (const keeper of this.#keepers) await keeper.purgeAllOf(userId);
  }

  async *belongings(actor: Actor): AsyncGenerator<{ name: string; file: object }> {
    for (const keeper of this.#keepers) if (keeper.belongings) yield* keeper.belongings(actor);
  }
}
