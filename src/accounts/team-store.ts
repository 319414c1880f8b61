import type { NewRow, Row } from '../storage/schema.ts';
import type { Db, Trx } from '../storage/storage.ts';

export type TeamRow = Row<'team'>;

export interface TeamMemberRow {
  teamId: string;
  userId: string;
  name: string;
  username: string | null;
  role: string;
  createdAt: number;
}

export async function insertTeam(trx: Trx, team: NewRow<'team'>): Promise<void> {
  await trx.insertInto('team').values(team).execute();
}

/** Teams that are there; of one person, or all. */
export async function listTeams(db: Db | Trx, { memberId }: { memberId: string | null }): Promise<TeamRow[]> {
  let query = db.selectFrom('team').selectAll().where('deletedAt', 'is', null).orderBy('name').orderBy('id');
  if (memberId !== null) {
    const theirs = db.selectFrom('teamMember').select('teamId').where('userId', '=', memberId);
    query = query.where('id', 'in', theirs);
  }
  return query.execute();
}

export async function findTeam(db: Db | Trx, id: string): Promise<TeamRow | undefined> {
  return db.selectFrom('team').selectAll().where('id', '=', id).where('deletedAt', 'is', null).executeTakeFirst();
}

export async function updateTeam(
  trx: Trx | Db,
  { id, change }: { id: string; change: { name?: string; deletedAt?: number } },
): Promise<void> {
  await trx.updateTable('team').set(change).where('id', '=', id).execute();
}

export async function listTeamMembers(db: Db | Trx, teamIds: readonly string[]): Promise<TeamMemberRow[]> {
  if (teamIds.length === 0) return [];
  return db
    .selectFrom('teamMember')
    .innerJoin('user', 'user.id', 'teamMember.userId')
    .select([
      'teamMember.teamId',
      'teamMember.userId',
      'user.name',
      'user.username',
      'teamMember.role',
      'teamMember.createdAt',
    ])
    .where('teamMember.teamId', 'in', [...teamIds])
    .orderBy('teamMember.createdAt')
    .orderBy('teamMember.userId')
    .execute();
}

export async function findTeamRole(
  db: Db | Trx,
  { teamId, userId }: { teamId: string; userId: string },
): Promise<string | undefined> {
  const row = await db
    .selectFrom('teamMember')
    .innerJoin('team', 'team.id', 'teamMember.teamId')
    .select('teamMember.role')
    .where('teamMember.teamId', '=', teamId)
    .where('teamMember.userId', '=', userId)
    .where('team.deletedAt', 'is', null)
    .executeTakeFirst();
  return row?.role;
}

/** Adds somebody, or gives them another role. */
export async function saveTeamMember(trx: Trx, member: NewRow<'teamMember'>): Promise<void> {
  await trx
    .insertInto('teamMember')
    .values(member)
    .onConflict((conflict) => conflict.columns(['teamId', 'userId']).doUpdateSet({ role: member.role }))
    .execute();
}

export async function deleteTeamMember(
  trx: Trx,
  { teamId, userId }: { teamId: string; userId: string },
): Promise<void> {
  await trx.deleteFrom('teamMember').where('teamId', '=', teamId).where('userId', '=', userId).execute();
}
