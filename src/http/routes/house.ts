import { z } from 'zod';
import {
  createInvitationSchema,
  createdInvitationSchema,
  houseSettingsSchema,
  invitationSchema,
  linkSchema,
  userSchema,
} from '../../../contract/accounts.ts';
import { idSchema, okSchema } from '../../../contract/common.ts';
import type { Accounts } from '../../accounts/accounts.ts';
import type { Config } from '../../config/config.ts';
import { reachedAddress, sharedAddress } from '../house-address.ts';
import type { Access, Area, HttpApp, RouteScope } from '../http-app.ts';

const tags = ['house'];
const config = { access: 'owner', scope: 'account' } as const satisfies { access: Access; scope: RouteScope };

/** What only the owner may do: settings of the house, its people and invitations. */
export function houseArea({ accounts, config: houseConfig }: { accounts: Accounts; config: Config }): Area {
  return (app) => {
    registerSettings(app, accounts);
    registerUsers(app, accounts);
    registerInvitations(app, accounts, houseConfig);
    app.route({
      method: 'POST',
      url: '/api/house/open-link',
      schema: {
        summary: 'Makes a one-time link by which the owner opens the house in a browser on this machine',
        tags,
        response: { 200: linkSchema },
      },
      config,
      handler: async (request) => {
        const { id, token, expiresAt } = await accounts.links.createSignIn(request.actor.userId);
        return { id, url: `${reachedAddress(request)}/enter#${token}`, expiresAt };
      },
    });
  };
}

function registerSettings(app: HttpApp, accounts: Accounts): void {
  app.route({
    method: 'GET',
    url: '/api/house/settings',
    schema: { summary: 'Reads the settings of the house', tags, response: { 200: houseSettingsSchema } },
    config,
    handler: () => accounts.house.settings(),
  });
  app.route({
    method: 'PATCH',
    url: '/api/house/settings',
    schema: {
      summary: 'Changes settings of the house',
      tags,
      body: z.strictObject(houseSettingsSchema.shape).partial(),
      response: { 200: houseSettingsSchema },
    },
    config,
    handler: ({ actor, body }) => accounts.house.change(actor, body),
  });
}

function registerUsers(app: HttpApp, accounts: Accounts): void {
  app.route({
    method: 'GET',
    url: '/api/house/users',
    schema: {
      summary: 'Lists the people of the house',
      tags,
      response: { 200: z.object({ users: z.array(userSchema) }) },
    },
    config,
    handler: async ({ actor }) => ({ users: await accounts.people.list(actor) }),
  });
  app.route({
    method: 'DELETE',
    url: '/api/house/users/:id',
    schema: {
      summary: 'Removes a person with everything that is theirs',
      tags,
      params: z.object({ id: idSchema }),
      response: { 200: okSchema },
    },
    config,
    handler: async ({ actor, params }) => {
      await accounts.people.remove(actor, params.id);
      app.eventStreams.end((watcher) => watcher?.userId === params.id);
      return { ok: true as const };
    },
  });
}

function registerInvitations(app: HttpApp, accounts: Accounts, houseConfig: Config): void {
  app.route({
    method: 'GET',
    url: '/api/house/invitations',
    schema: {
      summary: 'Lists invitations, used ones too',
      tags,
      response: { 200: z.object({ invitations: z.array(invitationSchema) }) },
    },
    config,
    handler: async ({ actor }) => ({ invitations: await accounts.links.listInvitations(actor.userId) }),
  });
  app.route({
    method: 'POST',
    url: '/api/house/invitations',
    schema: {
      summary: 'Invites somebody; the link is shown this once and works once, for a week',
      tags,
      body: createInvitationSchema,
      response: { 200: createdInvitationSchema },
    },
    config,
    handler: async (request) => {
      const { note } = request.body;
      const { token, ...link } = await accounts.links.createInvitation({ userId: request.actor.userId, note });
      return { ...link, note, usedAt: null, url: `${sharedAddress(houseConfig, request)}/join#${token}` };
    },
  });
  app.route({
    method: 'DELETE',
    url: '/api/house/invitations/:id',
    schema: {
      summary: 'Takes an invitation back',
      tags,
      params: z.object({ id: idSchema }),
      response: { 200: okSchema },
    },
    config,
    handler: async ({ actor, params }) => {
      await accounts.links.deleteInvitation({ id: params.id, userId: actor.userId });
      return { ok: true as const };
    },
  });
}
