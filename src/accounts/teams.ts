import { teamRoleSchema, type AddTeamMember, type Team, type TeamRole } from '../../contract/teams.ts';
import type { Clock } from '../base/clock.ts';
import { ConflictError, ForbiddenError, NotFoundError } from '../base/errors.ts';
import type { NewId } from '../base/ids.ts';
import type { Storage, Trx } from '../storage/storage.ts';
import { requireOwner, type Actor } from './actor.ts';
import { revokeTeamKeys } from './platform-key-store.ts';
import {
  deleteTeamMember,
  findTeam,
  findTeamRole,
  insertTeam,
  listTeamMembers,
  listTeams,
  saveTeamMember,
  updateTeam,
  type TeamMemberRow,
  type TeamRow,
} from './team-store.ts';
import { findUserByUsername } from './user-store.ts';

/** From the least to the most. */
const RANKS: readonly TeamRole[] = ['viewer', 'member', 'admin', 'owner'];

export function reaches(role: TeamRole, wanted: TeamRole): boolean {
  return RANKS.indexOf(role) >= RANKS.indexOf(wanted);
}

/** Teams of the house: who belongs to them, and what each may do. To strangers a team does not exist. */
export class Teams {
  readonly #storage: Storage;
  readonly #clock: Clock;
  readonly #newId: NewId;

  constructor({ storage, clock, newId }: { storage: Storage; clock: Clock; newId: NewId }) {
    this.#storage = storage;
    this.#clock = clock;
    this.#newId = newId;
  }

  /** Those that the actor may look into: theirs, or all for the owner of the house. */
  async list(actor: Actor): Promise<Team[]> {
    const { db } = this.#storage;
    const teams = await listTeams(db, { memberId: actor.role === 'owner' ? null : actor.userId });
    const members = await listTeamMembers(
      db,
      teams.map(({ id }) => id),
    );
    return teams.map((team) =>
      present(
        team,
        members.filter(({ teamId }) => teamId === team.id),
        actor,
      ),
    );
  }

  async read(actor: Actor, id: string): Promise<Team> {
    await this.require(actor, id, 'viewer');
    const team = await this.#find(id);
    return present(team, await listTeamMembers(this.#storage.db, [id]), actor);
  }

  /** Only the owner of the house makes teams, and belongs to those they make. */
  async create(actor: Actor, { name }: { name: string }): Promise<Team> {
    requireOwner(actor);
    const id = this.#newId();
    const now = this.#clock.now();
    await this.#storage.transaction(async (trx) => {
      await insertTeam(trx, { id, name, createdAt: now, deletedAt: null });
      await saveTeamMember(trx, { teamId: id, userId: actor.userId, role: 'owner', createdAt: now });
    });
    return this.read(actor, id);
  }

  async rename(actor: Actor, { id, name }: { id: string; name: string }): Promise<Team> {
    await this.require(actor, id, 'admin');
    await updateTeam(this.#storage.db, { id, change: { name } });
    return this.read(actor, id);
  }

  /** Its keys end with it; what it used and owes stays in the books. */
  async remove(actor: Actor, id: string): Promise<void> {
    await this.require(actor, id, 'owner');
    const now = this.#clock.now();
    await this.#storage.transaction(async (trx) => {
      await updateTeam(trx, { id, change: { deletedAt: now } });
      await revokeTeamKeys(trx, { teamId: id, userId: null, now });
    });
  }

  async addMember(actor: Actor, { teamId, username, role }: AddTeamMember & { teamId: string }): Promise<Team> {
    await this.#requireMayGive(actor, teamId, role);
    const user = await findUserByUsername(this.#storage.db, username.trim().toLowerCase());
    if (!user || user.role === 'guest') {
      throw new NotFoundError('Nobody here signs in with this name. Invite them to the house first.', {
        field: 'username',
      });
    }
    if ((await findTeamRole(this.#storage.db, { teamId, userId: user.id })) !== undefined) {
      throw new ConflictError('This person already belongs to the team. Change their role instead.', {
        code: 'already-member',
        field: 'username',
      });
    }
    const createdAt = this.#clock.now();
    await this.#storage.transaction((trx) => saveTeamMember(trx, { teamId, userId: user.id, role, createdAt }));
    return this.read(actor, teamId);
  }

  async changeMember(
    actor: Actor,
    { teamId, userId, role }: { teamId: string; userId: string; role: TeamRole },
  ): Promise<Team> {
    await this.#requireMayGive(actor, teamId, role);
    await this.#storage.transaction(async (trx) => {
      await this.#requireMayChange(trx, actor, { teamId, userId, role });
      await saveTeamMember(trx, { teamId, userId, role, createdAt: this.#clock.now() });
      // Viewers have no keys.
      if (role === 'viewer') await revokeTeamKeys(trx, { teamId, userId, now: this.#clock.now() });
    });
    return this.read(actor, teamId);
  }

  /** Their keys of this team end. Everybody may leave by themselves. */
  async removeMember(actor: Actor, { teamId, userId }: { teamId: string; userId: string }): Promise<void> {
    await this.require(actor, teamId, userId === actor.userId ? 'viewer' : 'admin');
    await this.#storage.transaction(async (trx) => {
      await this.#requireMayChange(trx, actor, { teamId, userId, role: null });
      await deleteTeamMember(trx, { teamId, userId });
      await revokeTeamKeys(trx, { teamId, userId, now: this.#clock.now() });
    });
  }

  /** What somebody may do in a team; null = nothing, and it does not exist for them. */
  async roleOf(actor: Actor, teamId: string): Promise<TeamRole | null> {
    const { db } = this.#storage;
    if (actor.role === 'owner') return (await findTeam(db, teamId)) ? 'owner' : null;
    const role = await findTeamRole(db, { teamId, userId: actor.userId });
    return teamRoleSchema.safeParse(role).data ?? null;
  }

  /** Throws `NotFoundError` for strangers, `ForbiddenError` for those who may see it but not do this. */
  async require(actor: Actor, teamId: string, wanted: TeamRole): Promise<TeamRole> {
    const role = await this.roleOf(actor, teamId);
    if (role === null) throw noSuchTeam();
    if (reaches(role, wanted)) return role;
    throw new ForbiddenError(`This needs the role “${wanted}” in the team; yours is “${role}”.`, { code: 'team-role' });
  }

  async #find(id: string): Promise<TeamRow> {
    const team = await findTeam(this.#storage.db, id);
    if (!team) throw noSuchTeam();
    return team;
  }

  /** Nobody gives a role above their own. */
  async #requireMayGive(actor: Actor, teamId: string, role: TeamRole): Promise<void> {
    await this.require(actor, teamId, role === 'owner' ? 'owner' : 'admin');
  }

  /** Owners are changed by owners, and one always stays. `role` null = they leave. */
  async #requireMayChange(
    trx: Trx,
    actor: Actor,
    { teamId, userId, role }: { teamId: string; userId: string; role: TeamRole | null },
  ): Promise<void> {
    const members = await listTeamMembers(trx, [teamId]);
    const member = members.find((one) => one.userId === userId);
    if (!member) throw new NotFoundError('This person does not belong to the team.');
    if (member.role !== 'owner' || role === 'owner') return;
    await this.require(actor, teamId, 'owner');
    if (members.filter((one) => one.role === 'owner').length === 1) {
      throw new ConflictError('A team needs an owner. Make somebody else an owner first.', { code: 'last-owner' });
    }
  }
}

function present(team: TeamRow, members: readonly TeamMemberRow[], actor: Actor): Team {
  const people = members.map(({ userId, name, username, role, createdAt }) => ({
    userId,
    name,
    username,
    role: teamRoleSchema.parse(role),
    createdAt,
  }));
  const own = people.find(({ userId }) => userId === actor.userId)?.role;
  return {
    id: team.id,
    name: team.name,
    role: actor.role === 'owner' ? 'owner' : (own ?? 'viewer'),
    accountId: `team:${team.id}`,
    members: people,
    createdAt: team.createdAt,
  };
}

function noSuchTeam(): NotFoundError {
  return new NotFoundError('There is no such team.');
}
