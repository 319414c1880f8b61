import type { Logger } from '../base/logger.ts';
import { asRole, type UserRole } from './actor.ts';
import type { Storage } from '../storage/storage.ts';

/** A session lasts this long after its last use. */
const SESSION_DURATION_IN_SECONDS = 60 * 24 * 60 * 60;
/** How often use is noted; each note is a write. */
const SESSION_NOTE_IN_SECONDS = 10 * 60;
const MAX_USER_AGENT_LENGTH = 300;

export interface LiveSession {
  sessionId: string;
  userId: string;
  role: UserRole;
  /** `Set-Cookie` values that prolong it. */
  setCookies: string[];
}

/** Sessions and password hashing: better-auth behind the few calls that the house makes. */
export interface SessionEngine {
  readSession(cookie: string): Promise<LiveSession | null>;
  startSession(options: { userId: string; userAgent: string }): Promise<LiveSession>;
  /** Null when the password is wrong or there is none; takes the same time either way. */
  signIn(options: { email: string; password: string; userAgent: string }): Promise<LiveSession | null>;
  /** `Set-Cookie` values that remove the cookie. */
  endSession(cookie: string): Promise<string[]>;
  hashPassword(password: string): Promise<string>;
  verifyPassword(options: { hash: string; password: string }): Promise<boolean>;
}

export interface SessionEngineOptions {
  storage: Storage;
  logger: Logger;
  newId: () => string;
  secret: string;
  cookieName: string;
}

/** Loads better-auth, which takes longer than the rest of the server's start, so call it late. */
export async function createSessionEngine(options: SessionEngineOptions): Promise<SessionEngine> {
  const auth = await createAuth(options);
  const context = await auth.$context;
  const start = async ({ userId, userAgent }: { userId: string; userAgent: string }): Promise<LiveSession> => {
    const { headers, response } = await auth.api.startSession({
      body: { userId },
      headers: browserHeaders({ userAgent }),
      returnHeaders: true,
    });
    return { ...response, role: asRole(response.role), setCookies: headers.getSetCookie() };
  };
  return {
    startSession: start,
    async readSession(cookie) {
      const found = await auth.api
        .getSession({ headers: browserHeaders({ cookie }), returnHeaders: true })
        .catch(nullWhenUnauthorized);
      if (!found?.response) return null;
      const { session, user } = found.response;
      return {
        sessionId: session.id,
        userId: user.id,
        role: asRole(user.role),
        setCookies: found.headers.getSetCookie(),
      };
    },
    async signIn({ email, password, userAgent }) {
      const entered = await auth.api
        .signInEmail({ body: { email, password }, headers: browserHeaders({ userAgent }), returnHeaders: true })
        .catch(nullWhenUnauthorized);
      const found = entered && (await context.internalAdapter.findSession(entered.response.token));
      if (!found) return null;
      const role = asRole((found.user as { role?: unknown }).role);
      return {
        sessionId: found.session.id,
        userId: found.user.id,
        role,
        setCookies: entered.headers.getSetCookie(),
      };
    },
    async endSession(cookie) {
      const { headers } = await auth.api.signOut({ headers: browserHeaders({ cookie }), returnHeaders: true });
      return headers.getSetCookie();
    },
    hashPassword: (password) => context.password.hash(password),
    verifyPassword: (attempt) => context.password.verify(attempt),
  };
}

async function createAuth({ storage, logger, newId, secret, cookieName }: SessionEngineOptions) {
  const [{ betterAuth }, { createAuthEndpoint }, { setSessionCookie }, { z }] = await Promise.all([
    import('better-auth'),
    import('better-auth/api'),
    import('better-auth/cookies'),
    import('zod'),
  ]);
  const startSession = createAuthEndpoint.serverOnly(
    { method: 'POST', body: z.object({ userId: z.string() }), requireHeaders: true },
    async (ctx) => {
      const user = await ctx.context.internalAdapter.findUserById(ctx.body.userId);
      if (!user) throw new Error('A session was asked for a user that does not exist.');
      const session = await ctx.context.internalAdapter.createSession(user.id);
      await setSessionCookie(ctx, { session, user });
      return { sessionId: session.id, userId: user.id, role: (user as { role?: unknown }).role };
    },
  );
  return betterAuth({
    // Never used for addresses: only its calls are used, not its routes.
    baseURL: 'http://127.0.0.1',
    secret,
    database: { db: storage.db, type: storage.dialect },
    telemetry: { enabled: false },
    rateLimit: { enabled: false },
    logger: {
      level: 'error',
      log: (_level, message, ...data) => logger.error({ reason: message, data }, 'sessions failed'),
    },
    emailAndPassword: { enabled: true, minPasswordLength: 1, maxPasswordLength: 256 },
    session: { expiresIn: SESSION_DURATION_IN_SECONDS, updateAge: SESSION_NOTE_IN_SECONDS },
    user: {
      additionalFields: {
        username: { type: 'string', required: false, input: false },
        role: { type: 'string', input: false },
        locale: { type: 'string', required: false, input: false },
        onboarded: { type: 'number', input: false },
        preferences: { type: 'string', input: false },
      },
    },
    advanced: {
      useSecureCookies: false,
      cookies: { session_token: { name: cookieName, attributes: { httpOnly: true, sameSite: 'lax', path: '/' } } },
      database: { generateId: () => newId() },
      // Addresses of visitors are not kept.
      ipAddress: { disableIpTracking: true },
    },
    plugins: [{ id: 'everwith', endpoints: { startSession } }],
  });
}

function browserHeaders({ cookie, userAgent }: { cookie?: string; userAgent?: string }): Headers {
  const headers = new Headers();
  if (cookie !== undefined) headers.set('cookie', cookie);
  if (userAgent) headers.set('user-agent', userAgent.slice(0, MAX_USER_AGENT_LENGTH));
  return headers;
}

/** better-auth throws this for wrong passwords, and for a session that was deleted while it was being prolonged. */
function nullWhenUnauthorized(error: unknown): null {
  if ((error as { status?: unknown } | null)?.status === 'UNAUTHORIZED') return null;
  throw error;
}
