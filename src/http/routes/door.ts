import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  doorSchema,
  linkSignInSchema,
  meSchema,
  passwordSignInSchema,
  signUpSchema,
  type Me,
} from '../../../contract/accounts.ts';
import { okSchema } from '../../../contract/common.ts';
import type { Accounts } from '../../accounts/accounts.ts';
import type { SignedIn } from '../../accounts/front-door.ts';
import { readCookies, setCookies } from '../auth-hook.ts';
import type { Area, HttpApp } from '../http-app.ts';
import type { RateLimits } from '../rate-limits.ts';

const tags = ['door'];

/** How people come in and leave. Nobody need be signed in, so every way in is counted strictly. */
export function doorArea({ accounts, limits }: { accounts: Accounts; limits: RateLimits }): Area {
  return (app) => {
    registerSignIn(app, accounts, limits);
    registerSignUp(app, accounts, limits);
    app.route({
      method: 'GET',
      url: '/api/door',
      schema: {
        summary: 'What the sign-in page may know',
        tags,
        querystring: z.object({ invitation: z.string().max(200).optional() }),
        response: { 200: doorSchema },
      },
      config: { access: 'public' },
      handler: ({ query }) => accounts.door.look(query.invitation),
    });
    app.route({
      method: 'POST',
      url: '/api/sign-out',
      schema: { summary: 'Ends this session', tags, response: { 200: okSchema } },
      config: { access: 'public' },
      handler: async (request, reply) => {
        const cookies = await accounts.door.signOut(readCookies(request) ?? '');
        setCookies({ request, reply, cookies });
        const sessionId = request.visitor?.sessionId;
        if (sessionId) app.eventStreams.end((actor) => actor?.sessionId === sessionId);
        return { ok: true as const };
      },
    });
  };
}

function registerSignIn(app: HttpApp, accounts: Accounts, limits: RateLimits): void {
  const countAddress = app.limitCalls({ max: limits.signInPerAddress, key: (request) => request.ip });
  const countName = app.limitCalls({
    max: limits.signInPerName,
    key: (request) => JSON.stringify([request.ip, (request.body as { username: string }).username]),
  });
  app.route({
    method: 'POST',
    url: '/api/sign-in/link',
    schema: { summary: 'Signs in by a one-time link', tags, body: linkSignInSchema, response: { 200: meSchema } },
    config: { access: 'public' },
    onRequest: countAddress,
    handler: async (request, reply) => {
      const { token } = request.body;
      return welcome({
        accounts,
        request,
        reply,
        signedIn: await accounts.door.signInByLink({ token, userAgent: agentOf(request) }),
      });
    },
  });
  app.route({
    method: 'POST',
    url: '/api/sign-in/password',
    schema: { summary: 'Signs in by name and password', tags, body: passwordSignInSchema, response: { 200: meSchema } },
    config: { access: 'public' },
    onRequest: countAddress,
    handler: async (request, reply) => {
      await countName(request);
      const signedIn = await accounts.door.signInByPassword({ ...request.body, userAgent: agentOf(request) });
      return welcome({ accounts, request, reply, signedIn });
    },
  });
}

function registerSignUp(app: HttpApp, accounts: Accounts, limits: RateLimits): void {
  app.route({
    method: 'POST',
    url: '/api/sign-up',
    schema: {
      summary: 'Makes an account, by invitation or where the house is open',
      tags,
      body: signUpSchema,
      response: { 200: meSchema },
    },
    config: { access: 'public' },
    onRequest: app.limitCalls({ max: limits.signUpPerAddress, key: (request) => request.ip }),
    handler: async (request, reply) =>
      welcome({
        accounts,
        request,
        reply,
        signedIn: await accounts.door.signUp(request.body, agentOf(request), request.visitor),
      }),
  });
}

async function welcome({
  accounts,
  request,
  reply,
  signedIn,
}: {
  accounts: Accounts;
  request: FastifyRequest;
  reply: FastifyReply;
  signedIn: SignedIn;
}): Promise<Me> {
  const me = await accounts.people.me(signedIn.actor);
  setCookies({ request, reply, cookies: signedIn.setCookies });
  return me;
}

function agentOf(request: FastifyRequest): string {
  return request.headers['user-agent'] ?? '';
}
