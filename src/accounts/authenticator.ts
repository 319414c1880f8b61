import type { Actor } from './actor.ts';

/** The credential headers of a request, as they came. */
export interface Credentials {
  authorization: string | undefined;
  cookie: string | undefined;
}

export interface Authentication {
  actor: Actor;
  /** `Set-Cookie` values that prolong the session; most often none. */
  setCookies: readonly string[];
}

/** Turns credentials into an actor. */
export interface Authenticator {
  /** Null without credentials, or when the session is over. A bearer token that is not known is an `UnauthenticatedError`. */
  authenticate(credentials: Credentials): Promise<Authentication | null>;
}
