import { z } from 'zod';
import { idSchema, textSchema, timeSchema } from './common.ts';

/**
 * What somebody may do in a team. `viewer` sees keys, usage and logs; `member` makes keys of their own as well; `admin`
 * manages everyone's keys and who belongs to it; `owner` also names owners and removes the team. The owner of the house
 * may do all of it in every team.
 */
export const teamRoleSchema = z.enum(['owner', 'admin', 'member', 'viewer']);
export type TeamRole = z.infer<typeof teamRoleSchema>;

export const teamMemberSchema = z
  .object({
    userId: idSchema,
    name: z.string(),
    username: z.string().nullable(),
    role: teamRoleSchema,
    createdAt: timeSchema,
  })
  .meta({ id: 'TeamMember' });
export type TeamMember = z.infer<typeof teamMemberSchema>;

export const teamSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    /** What the reader may do in it; the owner of the house is shown as `owner`. */
    role: teamRoleSchema,
    /** Of the ledger: what its keys cost is taken from there. */
    accountId: z.string(),
    members: z.array(teamMemberSchema),
    createdAt: timeSchema,
  })
  .meta({ id: 'Team' });
export type Team = z.infer<typeof teamSchema>;

export const saveTeamSchema = z.strictObject({ name: textSchema(80) }).meta({ id: 'SaveTeam' });

/** Somebody of the house, by the name they sign in with. */
export const addTeamMemberSchema = z
  .strictObject({ username: z.string().min(1).max(80), role: teamRoleSchema })
  .meta({ id: 'AddTeamMember' });
export type AddTeamMember = z.infer<typeof addTeamMemberSchema>;

export const changeTeamMemberSchema = z.strictObject({ role: teamRoleSchema }).meta({ id: 'ChangeTeamMember' });
