import type { LlamaContextSequence, Token } from 'node-llama-cpp';
import { commonPrefixLength, reusableLength } from './prefix-reuse.ts';
import type { Slot } from './sequence-slots.ts';
import type { StateEntry, StateStore } from './state-store.ts';

export interface Aligned {
  /** Leading tokens of the wanted prompt that need no evaluation. */
  reused: number;
  source: 'none' | 'memory' | 'disk';
}

/** Reading a state from disk costs about as much as evaluating this many tokens: below it memory wins. */
const diskAdvantageInTokens = 32;

/** The library brands token ids; they are plain numbers. */
export function asTokens(tokens: readonly number[]): Token[] {
  return tokens as Token[];
}

export function heldTokens(sequence: LlamaContextSequence): number[] {
  return sequence.contextTokens;
}

/** Brings a slot to the longest state that begins the wanted prompt, from memory or disk. */
export async function alignSlot(options: {
  slot: Slot<LlamaContextSequence>;
  wanted: readonly number[];
  store: StateStore;
}): Promise<Aligned> {
  const { slot, wanted, store } = options;
  const { sequence } = slot;
  const needsCheckpoints = sequence.needsCheckpoints;
  const held = { tokens: heldTokens(sequence), checkpoints: slot.checkpoints };
  const inMemory = reusableLength(held, wanted, needsCheckpoints);
  if (wanted.length - inMemory > diskAdvantageInTokens) {
    const found = await store.find(wanted, { cuttable: !needsCheckpoints });
    if (found && found.usable > inMemory + diskAdvantageInTokens) {
      if (await loadState(slot, found.entry, store)) {
        await cutTo(slot, found.usable);
        return { reused: found.usable, source: 'disk' };
      }
      return { reused: 0, source: 'none' };
    }
  }
  await cutTo(slot, inMemory);
  return { reused: inMemory, source: inMemory > 0 ? 'memory' : 'none' };
}

/** Loading keeps the sequence's old checkpoints, which would then describe other tokens: they are cleared first. */
async function loadState(slot: Slot<LlamaContextSequence>, entry: StateEntry, store: StateStore): Promise<boolean> {
  const { sequence } = slot;
  await clearSlot(slot);
  const loaded = await store.load(entry, async (path) => {
    await sequence.loadStateFromFile(path, { acceptRisk: true });
    const tokens = heldTokens(sequence);
    if (tokens.length !== entry.tokens.length || commonPrefixLength(tokens, entry.tokens) !== tokens.length) {
      throw new Error('The state holds other tokens than its description says.');
    }
  });
  if (!loaded) await clearSlot(slot);
  else if (sequence.needsCheckpoints) await checkpoint(slot);
  return loaded;
}

/** Forgets everything the slot holds. */
export async function clearSlot(slot: Slot<LlamaContextSequence>): Promise<void> {
  await slot.sequence.clearHistory();
  slot.checkpoints = [];
}

/**
 * Shortens the state. On hybrid models `length` must be a checkpoint or the present length: anything else makes the
 * library evaluate the rest in one piece that nobody can stop.
 */
async function cutTo(slot: Slot<LlamaContextSequence>, length: number): Promise<void> {
  const { sequence } = slot;
  const present = sequence.nextTokenIndex;
  if (length === present) return;
  if (length === 0) return clearSlot(slot);
  await sequence.eraseContextTokenRanges([{ start: length, end: present }]);
  slot.checkpoints = slot.checkpoints.filter((position) => position <= length);
}

/** Remembers the present position as one the state can be cut back to; does nothing where any position is. */
export async function checkpoint(slot: Slot<LlamaContextSequence>, most = Number.POSITIVE_INFINITY): Promise<void> {
  const { sequence } = slot;
  const position = sequence.nextTokenIndex;
  if (!sequence.needsCheckpoints || position === 0 || slot.checkpoints.at(-1) === position) return;
  await sequence.takeCheckpoint();
  slot.checkpoints.push(position);
  // The library drops its oldest checkpoint in the same way.
  if (slot.checkpoints.length > most) slot.checkpoints.shift();
}
