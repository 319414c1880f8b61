import { z } from 'zod';
import { linkSchema } from '../../../contract/accounts.ts';
import { idSchema } from '../../../contract/common.ts';
import type { AccountLinks } from '../../accounts/account-links.ts';
import type { Actor } from '../../accounts/actor.ts';
import { sharedAddress, type HostConfig } from '../house-address.ts';
import type { Area } from '../http-app.ts';

export interface CallLinksAreaOptions {
  accounts: { links: AccountLinks };
  conversations: { readOwn(actor: Actor, id: string): Promise<{ id: string }> };
  config: HostConfig;
}

/** Pairing a device that is to do nothing but call: its link works once, then the device stays signed in. */
export function callLinksArea({ accounts, conversations, config }: CallLinksAreaOptions): Area {
  return (app) => {
    app.route({
      method: 'POST',
      url: '/api/conversations/:id/call-links',
      schema: {
        summary: 'Makes a one-time link, good for a day, that signs a device in and calls at once',
        tags: ['speech'],
        params: z.object({ id: idSchema }),
        response: { 200: linkSchema },
      },
      config: { access: 'user', scope: 'account' },
      handler: async (request) => {
        const { id: conversationId } = await conversations.readOwn(request.actor, request.params.id);
        const { id, token, expiresAt } = await accounts.links.createCallLink({
          userId: request.actor.userId,
          note: `call ${conversationId}`,
        });
        const query = new URLSearchParams({ call: conversationId });
        return { id, url: `${sharedAddress(config, request)}/enter?${query.toString()}#${token}`, expiresAt };
      },
    });
  };
}
