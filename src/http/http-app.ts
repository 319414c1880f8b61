import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import type { KeyScope } from '../../contract/accounts.ts';
import type { Actor } from '../accounts/actor.ts';
import type { EventStreams } from './sockets/event-streams.ts';

/** The Fastify instance whose routes are typed by their zod schemas. */
export type HttpApp = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** Registers the routes of one part of the product. */
export type Area = (app: HttpApp) => void | Promise<void>;

/** `public`: nobody need be signed in. `user`: somebody is. `owner`: the owner of the house is. */
export type Access = 'public' | 'user' | 'owner';

/**
 * Which API keys may call a route. A key with scope `all` passes everywhere except `account`, which
 * no key passes: accounts are managed by people. Absent = keys with `all` only.
 */
export type RouteScope = Exclude<KeyScope, 'all'> | 'account';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Required for every route below `/api`. */
    access?: Access;
    /** Guests of rooms, who reach nothing else, may call it too. */
    guests?: boolean;
    scope?: RouteScope | readonly RouteScope[];
    /**
     * What it answers, by status, for the description alone: written by code that its types hold to it already, often, or
     * passed on as it came, so it is not checked again on the way out.
     */
    answers?: Readonly<Record<number, z.ZodType>>;
    /** Each event of its answer where it is asked to stream, for the description alone. */
    events?: z.ZodType;
    /**
     * What it takes, for the description alone: a form, which its handler reads, or what is kept as it came and so not
     * looked at at the door.
     */
    takes?: z.ZodType;
  }
  interface FastifyRequest {
    /** Who asks, or null on a public route without credentials. */
    visitor: Actor | null;
    /** Who asks; reading it where nobody is signed in is an `UnauthenticatedError`. */
    readonly actor: Actor;
  }
  interface FastifyInstance {
    /** The event streams that are open now. */
    eventStreams: EventStreams;
    /** Counts an answer in the house's figures. */
    observeAnswer: (answer: { method: string; route: string; status: number }, durationInMs: number) => void;
    /** Where other devices reach the house over TLS; null while they do not. */
    secureAddress?: () => string | null;
  }
}
