import type { ChangeMemorySettings, MemorySettings } from '../../../contract/memory.ts';
import type { Actor } from '../../accounts/actor.ts';
import { readMemoryPause, readMemorySettings, writeMemorySettings } from '../../memory/memory-settings-store.ts';
import { passOver } from '../../memory/pause-store.ts';
import { requirePair, type MemoriesContext } from './memories-context.ts';

/** How one character remembers one person, as that person sets it. */
export class MemorySwitches {
  readonly #context: MemoriesContext;

  constructor(context: MemoriesContext) {
    this.#context = context;
  }

  async read(actor: Actor, characterId: string): Promise<MemorySettings> {
    const { pair } = await requirePair(this.#context, actor, characterId);
    return readMemorySettings(this.#context.storage.db, pair);
  }

  /** When memory goes on after a pause, what was said in between stays unremembered. */
  async change(actor: Actor, characterId: string, change: ChangeMemorySettings): Promise<MemorySettings> {
    const { storage, clock, events, facts } = this.#context;
    const { pair } = await requirePair(this.#context, actor, characterId);
    const now = clock.now();
    await storage.transaction(async (trx) => {
      const before = await readMemoryPause(trx, pair);
      const paused = change.paused ?? before.paused;
      const pausedAt = paused ? (before.pausedAt ?? now) : null;
      if (!paused && before.pausedAt !== null) {
        await passOver(trx, { pair, conversationId: null, from: before.pausedAt, now });
      }
      const wanted = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
      await writeMemorySettings(trx, pair, { ...before, ...wanted, pausedAt });
      if (paused !== before.paused) {
        await events.append(trx, {
          type: paused ? 'memory-pause' : 'memory-resume',
          actorId: actor.userId,
          subjectId: characterId,
          payload: {},
        });
      }
    });
    facts.invalidate(pair);
    return readMemorySettings(storage.db, pair);
  }
}
