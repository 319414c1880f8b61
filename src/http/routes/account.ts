import { z } from 'zod';
import { linkSchema, meSchema, sessionSchema, setPasswordSchema, updateMeSchema } from '../../../contract/accounts.ts';
import { idSchema, okSchema } from '../../../contract/common.ts';
import type { Accounts } from '../../accounts/accounts.ts';
import type { Config } from '../../config/config.ts';
import { sharedAddress } from '../house-address.ts';
import type { Area, HttpApp } from '../http-app.ts';
import type { RateLimits } from '../rate-limits.ts';

const tags = ['account'];

/** A person's own account: name, preferences, password, sessions and links for other devices. */
export function accountArea({
  accounts,
  config,
  limits,
}: {
  accounts: Accounts;
  config: Config;
  limits: RateLimits;
}): Area {
  return (app) => {
    registerMe(app, accounts, limits);
    registerSessions(app, accounts);
    app.route({
      method: 'POST',
      url: '/api/me/links',
      schema: {
        summary: 'Makes a one-time link for another device of the same person',
        tags,
        response: { 200: linkSchema },
      },
      config: { access: 'user', scope: 'account' },
      handler: async (request) => {
        const { id, token, expiresAt } = await accounts.links.createSignIn(request.actor.userId);
        return { id, url: `${sharedAddress(config, request)}/enter#${token}`, expiresAt };
      },
    });
  };
}

function registerMe(app: HttpApp, accounts: Accounts, limits: RateLimits): void {
  app.route({
    method: 'GET',
    url: '/api/me',
    schema: { summary: 'Who is signed in', tags, response: { 200: meSchema } },
    config: { access: 'user', scope: ['chat', 'models'], guests: true },
    handler: ({ actor }) => accounts.people.me(actor),
  });
  app.route({
    method: 'PATCH',
    url: '/api/me',
    schema: {
      summary: 'Changes name, language and preferences',
      tags,
      body: updateMeSchema,
      response: { 200: meSchema },
    },
    config: { access: 'user', scope: 'account', guests: true },
    handler: ({ actor, body }) => accounts.people.update(actor, body),
  });
  const countPassword = app.limitCalls({ max: limits.signInPerName, key: ({ actor }) => actor.userId });
  app.route({
    method: 'POST',
    url: '/api/me/password',
    schema: {
      summary: 'Sets name and password for signing in',
      tags,
      body: setPasswordSchema,
      response: { 200: meSchema },
    },
    config: { access: 'user', scope: 'account' },
    handler: async (request) => {
      await countPassword(request);
      const { actor } = request;
      const me = await accounts.people.setPassword(actor, request.body);
      app.eventStreams.end(
        (watcher) => watcher?.userId === actor.userId && endsWithPassword(watcher.sessionId, actor.sessionId),
      );
      return me;
    },
  });
}

function registerSessions(app: HttpApp, accounts: Accounts): void {
  app.route({
    method: 'GET',
    url: '/api/me/sessions',
    schema: {
      summary: 'The browsers one is signed in with',
      tags,
      response: { 200: z.object({ sessions: z.array(sessionSchema) }) },
    },
    config: { access: 'user', scope: 'account' },
    handler: async ({ actor }) => ({ sessions: await accounts.sessions.list(actor) }),
  });
  app.route({
    method: 'DELETE',
    url: '/api/me/sessions/:id',
    schema: { summary: 'Signs a browser out', tags, params: z.object({ id: idSchema }), response: { 200: okSchema } },
    config: { access: 'user', scope: 'account' },
    handler: async ({ actor, params }) => {
      await accounts.sessions.revoke(actor, params.id);
      app.eventStreams.end((watcher) => watcher?.sessionId === params.id);
      return { ok: true as const };
    },
  });
}

/** A new password ends the other browsers' sessions, but not keys nor the terminal. */
function endsWithPassword(watching: string | null, current: string | null): boolean {
  return watching !== null && watching !== current;
}
