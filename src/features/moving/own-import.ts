import { createHash } from 'node:crypto';
import { ATTACHMENT_BYTES, type Attachment } from '../../../contract/attachments.ts';
import type { Actor } from '../../accounts/actor.ts';
import { AbortedError, AppError, ResourceError } from '../../base/errors.ts';
import { readCharacter } from '../../character/character-store.ts';
import { insertBranchMark } from '../../conversation/branch-mark-store.ts';
import { readEverwithFiles } from '../../conversation/exchange/everwith-chat.ts';
import type { EverwithHead, EverwithParticipant } from '../../conversation/exchange/everwith-lines.ts';
import { readLines } from '../../conversation/exchange/text-lines.ts';
import { insertParticipant, type NewParticipant } from '../../conversation/participant-store.ts';
import type { Trx } from '../../storage/storage.ts';
import { readWorld } from '../../world/world-store.ts';
import type { MovingContext } from './moving-context.ts';
import type { ArrivedPerson } from './own-message.ts';
import type { SourceFile } from './sources/move-source.ts';

/** Who the people of a file are here: the host is whoever moves it in, characters are known by their names. */
export async function arrivePeople(
  { storage, newId }: Pick<MovingContext, 'storage' | 'newId'>,
  {
    actor,
    conversationId,
    own,
    characterId,
    speakers,
  }: {
    actor: Actor;
    conversationId: string;
    own: EverwithHead;
    characterId: string;
    speakers: ReadonlyMap<string, string>;
  },
): Promise<{ people: Map<string, ArrivedPerson>; rows: NewParticipant[] }> {
  const people = new Map<string, ArrivedPerson>();
  const rows: NewParticipant[] = [];
  const taken = new Set<string>();
  for (const one of own.participants) {
    if (people.has(one.key)) continue;
    const wanted = subjectOf(one, { actor, own, characterId, speakers });
    const subjectId = wanted === null || taken.has(wanted) ? nobody(one) : wanted;
    taken.add(subjectId);
    const character =
      one.kind === 'character' && subjectId !== characterId
        ? await readCharacter(storage.db, { id: subjectId, userId: actor.userId })
        : undefined;
    const participantId = newId();
    people.set(one.key, { participantId, kind: one.kind, subjectId });
    const { key: _key, ...said } = one;
    const role = one.kind === 'character' ? 'character' : subjectId === actor.userId ? 'host' : 'guest';
    const pinned = character?.version.id ?? null;
    rows.push({ ...said, id: participantId, conversationId, subjectId, role, characterVersionId: pinned });
  }
  return { people, rows };
}

export async function insertPeople(trx: Trx, rows: readonly NewParticipant[]): Promise<void> {
  for (const row of rows) await insertParticipant(trx, row);
}

function subjectOf(
  { key, kind, role, name }: EverwithParticipant,
  {
    actor,
    own,
    characterId,
    speakers,
  }: { actor: Actor; own: EverwithHead; characterId: string; speakers: ReadonlyMap<string, string> },
): string | null {
  if (kind === 'human') return role === 'host' ? actor.userId : null;
  return key === own.character ? characterId : (speakers.get(name) ?? null);
}

/** An id that is no user's and no character's. */
function nobody({ key, name }: EverwithParticipant): string {
  return `guest:${createHash('sha256').update(`${key}\n${name}`).digest('hex').slice(0, 16)}`;
}

/** Takes in the files that came along; one that cannot be taken is left out, and leaves its name in its message. */
export async function arriveFiles(
  { attachments, logger }: Pick<MovingContext, 'attachments' | 'logger'>,
  {
    actor,
    conversationId,
    file,
    signal,
  }: { actor: Actor; conversationId: string; file: SourceFile; signal: AbortSignal },
): Promise<Map<string, Attachment>> {
  const arrived = new Map<string, Attachment>();
  const coming = readEverwithFiles(readLines(file.read()), { maxBytes: ATTACHMENT_BYTES });
  for await (const { file: said, bytes } of coming) {
    if (signal.aborted) throw new AbortedError('The import was cancelled.');
    if (arrived.has(said.key)) continue;
    try {
      const { name, alt } = said;
      arrived.set(said.key, await attachments.keep(actor, { conversationId, name, alt, bytes, signal }));
    } catch (error) {
      if (signal.aborted || error instanceof ResourceError || !(error instanceof AppError)) throw error;
      logger.warn({ err: error }, 'a file of an imported conversation could not be taken');
    }
  }
  return arrived;
}

/** The world a file names, if it is the person's own. */
export async function worldOf(
  { storage }: Pick<MovingContext, 'storage'>,
  { actor, own }: { actor: Actor; own: EverwithHead | undefined },
): Promise<string | null> {
  if (!own?.world) return null;
  return (await readWorld(storage.db, { id: own.world.id, ownerId: actor.userId }))?.id ?? null;
}

export async function insertMarks(
  trx: Trx,
  {
    own,
    conversationId,
    idAt,
    newId,
  }: {
    own: EverwithHead;
    conversationId: string;
    /** The message with a number of the file. */
    idAt: (number: number) => string | undefined;
    newId: () => string;
  },
): Promise<void> {
  for (const { message, ...mark } of own.marks) {
    const messageId = idAt(message);
    if (messageId !== undefined) await insertBranchMark(trx, { ...mark, id: newId(), conversationId, messageId });
  }
}
