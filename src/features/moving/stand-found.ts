import { createHash } from 'node:crypto';
import type { Actor } from '../../accounts/actor.ts';
import type { FoundFile, FoundPersonaEntry, FoundStatus } from './found.ts';
import { findMoved } from './move-record-store.ts';
import type { MovingContext, Standing } from './moving-context.ts';

/** What of the files found was moved in before; the same content twice in a source counts once. */
export async function standFiles(
  context: MovingContext,
  { actor, files }: { actor: Actor; files: readonly FoundFile[] },
): Promise<FoundFile[]> {
  const standing: FoundFile[] = [];
  for (const kind of ['character', 'lorebook', 'preset'] as const) {
    const ofKind = new Map(files.filter((file) => file.kind === kind).map((file) => [file.sourceHash, file]));
    const moved = await findMoved(context.storage.db, { ownerId: actor.userId, kind, hashes: [...ofKind.keys()] });
    for (const [hash, file] of ofKind) {
      const before = file.targetId ?? moved.get(hash);
      const importer = { character: context.characters, lorebook: context.lorebooks, preset: context.presets }[kind];
      const state = before === undefined ? 'gone' : await importer.standing(actor, before);
      standing.push({ ...file, status: statusOf(state), targetId: state === 'gone' ? null : (before ?? null) });
    }
  }
  return standing;
}

export async function standPersonas(
  context: MovingContext,
  { actor, personas }: { actor: Actor; personas: readonly Pick<FoundPersonaEntry, 'persona' | 'picture'>[] },
): Promise<FoundPersonaEntry[]> {
  const hashed = new Map(
    personas.map((entry) => {
      const { name, title, description } = entry.persona;
      const said = JSON.stringify([name, title, description, entry.picture?.size ?? 0]);
      return [createHash('sha256').update(said).digest('hex'), entry] as const;
    }),
  );
  const moved = await findMoved(context.storage.db, {
    ownerId: actor.userId,
    kind: 'persona',
    hashes: [...hashed.keys()],
  });
  const standing: FoundPersonaEntry[] = [];
  for (const [sourceHash, entry] of hashed) {
    const before = moved.get(sourceHash) ?? (await context.personas.find(actor, entry.persona));
    const state = before === null || before === undefined ? 'gone' : await context.personas.standing(actor, before);
    standing.push({
      ...entry,
      sourceHash,
      status: statusOf(state),
      targetId: state === 'gone' ? null : (before ?? null),
    });
  }
  return standing;
}

function statusOf(standing: Standing): FoundStatus {
  return standing === 'gone' ? 'new' : standing;
}
