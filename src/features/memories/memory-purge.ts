import type { MemoryFile } from '../../../contract/memory.ts';
import type { Actor } from '../../accounts/actor.ts';
import { readCharacter } from '../../character/character-store.ts';
import { listRememberingCharacters, purgeMemoryOf } from '../../memory/purge-store.ts';
import type { MemoriesContext } from './memories-context.ts';
import type { MemoryFiles } from './memory-files.ts';

/** One person's memory as a whole: to take along, or to remove for good. */
export class MemoryPurge {
  readonly #context: MemoriesContext;
  readonly #files: MemoryFiles;

  constructor(context: MemoriesContext, files: MemoryFiles) {
    this.#context = context;
    this.#files = files;
  }

  /** A file for each character that remembers something of the person, deleted ones too. */
  async *belongings(actor: Actor): AsyncGenerator<{ slug: string; file: MemoryFile }> {
    const { db } = this.#context.storage;
    for (const id of await listRememberingCharacters(db, actor.userId)) {
      const character = await readCharacter(db, { id, userId: actor.userId });
      if (character) yield { slug: character.slug, file: await this.#files.of(actor, character) };
    }
  }

  async purgeAllOf(userId: string): Promise<void> {
    const { storage, facts, memories } = this.#context;
    const characterIds = await listRememberingCharacters(storage.db, userId);
    await storage.transaction((trx) => purgeMemoryOf(trx, userId));
    for (const characterId of characterIds) {
      const pair = { ownerId: userId, characterId };
      facts.invalidate(pair);
      memories.forget(pair);
    }
  }
}
