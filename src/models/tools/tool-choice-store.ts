import { z } from 'zod';
import { toolConsentSchema, type ToolConsent } from '../../../contract/tools.ts';
import type { Db, Trx } from '../../storage/storage.ts';

/** Where a choice holds. `person` is everywhere. */
export type ToolScope = 'person' | 'character' | 'conversation';

export interface ToolChoice {
  ownerId: string;
  scope: ToolScope;
  /** Empty for `person`. */
  subjectId: string;
  serverId: string;
  /** Empty = every tool of the server. */
  tool: string;
  isOn: boolean | null;
  consent: ToolConsent | null;
  digest: string | null;
}

const scopeSchema = z.enum(['person', 'character', 'conversation']);

/** What bears on a conversation: its own choices, its character's, and those of the person everywhere. */
export async function listToolChoices(
  db: Db,
  { ownerId, characterId, conversationId }: { ownerId: string; characterId: string; conversationId: string },
): Promise<ToolChoice[]> {
  const rows = await db
    .selectFrom('toolChoice')
    .selectAll()
    .where('ownerId', '=', ownerId)
    .where('subjectId', 'in', ['', characterId, conversationId])
    .execute();
  return rows.map((row) => ({
    ...row,
    scope: scopeSchema.parse(row.scope),
    isOn: row.isOn === null ? null : row.isOn === 1,
    consent: row.consent === null ? null : toolConsentSchema.parse(row.consent),
  }));
}

/** Changes what is given and leaves the rest of the choice as it was. */
export async function putToolChoice(
  db: Db | Trx,
  {
    ownerId,
    scope,
    subjectId,
    serverId,
    tool,
    ...change
  }: Pick<ToolChoice, 'ownerId' | 'scope' | 'subjectId' | 'serverId' | 'tool'> &
    Partial<Pick<ToolChoice, 'isOn' | 'consent' | 'digest'>>,
): Promise<void> {
  const set = {
    ...(change.isOn === undefined ? {} : { isOn: change.isOn === null ? null : change.isOn ? 1 : 0 }),
    ...(change.consent === undefined ? {} : { consent: change.consent }),
    ...(change.digest === undefined ? {} : { digest: change.digest }),
  };
  await db
    .insertInto('toolChoice')
    .values({ ownerId, scope, subjectId, serverId, tool, isOn: null, consent: null, digest: null, ...set })
    .onConflict((conflict) => conflict.columns(['ownerId', 'scope', 'subjectId', 'serverId', 'tool']).doUpdateSet(set))
    .execute();
}

/** What was chosen for single tools gives way to a choice for the whole server. */
export async function clearToolChoices(
  db: Db | Trx,
  { ownerId, scope, subjectId, serverId }: Pick<ToolChoice, 'ownerId' | 'scope' | 'subjectId' | 'serverId'>,
): Promise<void> {
  await db
    .updateTable('toolChoice')
    .set({ isOn: null })
    .where('ownerId', '=', ownerId)
    .where('scope', '=', scope)
    .where('subjectId', '=', subjectId)
    .where('serverId', '=', serverId)
    .where('tool', '!=', '')
    .execute();
}

/** Everything a person ever chose. */
export async function removeToolChoicesOfPerson(db: Db | Trx, ownerId: string): Promise<void> {
  await db.deleteFrom('toolChoice').where('ownerId', '=', ownerId).execute();
}
