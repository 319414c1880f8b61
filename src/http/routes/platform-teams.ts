import { z } from 'zod';
import { idSchema, okSchema } from '../../../contract/common.ts';
import { addTeamMemberSchema, changeTeamMemberSchema, saveTeamSchema, teamSchema } from '../../../contract/teams.ts';
import type { Teams } from '../../accounts/teams.ts';
import type { Area } from '../http-app.ts';

const tags = ['platform'];
const params = z.object({ id: idSchema });
const memberParams = z.object({ id: idSchema, userId: idSchema });
const response = { 200: teamSchema };
const config = { access: 'user', scope: 'account' } as const;

/** Teams, and who belongs to them. */
export function platformTeamsArea(teams: Teams): Area {
  return (app) => {
    app.route({
      method: 'GET',
      url: '/api/platform/teams',
      schema: { summary: 'Lists one’s teams', tags, response: { 200: z.object({ teams: z.array(teamSchema) }) } },
      config,
      handler: async ({ actor }) => ({ teams: await teams.list(actor) }),
    });
    app.route({
      method: 'POST',
      url: '/api/platform/teams',
      schema: { summary: 'Makes a team', tags, body: saveTeamSchema, response },
      config: { access: 'owner', scope: 'account' },
      handler: ({ actor, body }) => teams.create(actor, body),
    });
    app.route({
      method: 'PATCH',
      url: '/api/platform/teams/:id',
      schema: { summary: 'Renames a team', tags, params, body: saveTeamSchema, response },
      config,
      handler: ({ actor, params: { id }, body }) => teams.rename(actor, { id, ...body }),
    });
    app.route({
      method: 'DELETE',
      url: '/api/platform/teams/:id',
      schema: { summary: 'Removes a team and ends its keys', tags, params, response: { 200: okSchema } },
      config,
      handler: async ({ actor, params: { id } }) => {
        await teams.remove(actor, id);
        return { ok: true as const };
      },
    });
    app.route({
      method: 'POST',
      url: '/api/platform/teams/:id/members',
      schema: { summary: 'Takes somebody into a team', tags, params, body: addTeamMemberSchema, response },
      config,
      handler: ({ actor, params: { id }, body }) => teams.addMember(actor, { teamId: id, ...body }),
    });
    app.route({
      method: 'PATCH',
      url: '/api/platform/teams/:id/members/:userId',
      schema: {
        summary: 'Gives somebody another role',
        tags,
        params: memberParams,
        body: changeTeamMemberSchema,
        response,
      },
      config,
      handler: ({ actor, params: { id, userId }, body }) => teams.changeMember(actor, { teamId: id, userId, ...body }),
    });
    app.route({
      method: 'DELETE',
      url: '/api/platform/teams/:id/members/:userId',
      schema: { summary: 'Lets somebody leave a team', tags, params: memberParams, response: { 200: okSchema } },
      config,
      handler: async ({ actor, params: { id, userId } }) => {
        await teams.removeMember(actor, { teamId: id, userId });
        return { ok: true as const };
      },
    });
  };
}
