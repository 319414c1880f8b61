import type { Clock } from '../base/clock.ts';
import { UnauthenticatedError } from '../base/errors.ts';
import type { NewId } from '../base/ids.ts';
import type { Logger } from '../base/logger.ts';
import type { Storage } from '../storage/storage.ts';
import { AccountLinks } from './account-links.ts';
import type { Actor } from './actor.ts';
import { ApiKeys } from './api-keys.ts';
import type { Authentication, Authenticator, Credentials } from './authenticator.ts';
import { FrontDoor } from './front-door.ts';
import { House } from './house.ts';
import { People } from './people.ts';
import { PlatformKeys } from './platform-keys.ts';
import { openSecretBox, type SecretBox } from './secret-box.ts';
import type { SessionEngine } from './session-engine.ts';
import { Sessions } from './sessions.ts';
import { Teams } from './teams.ts';
import { openTerminalToken } from './terminal-token.ts';
import { deleteSessionsExpiredBefore } from './session-store.ts';
import { findOwnerId, findUser, insertUser } from './user-store.ts';

export interface Accounts extends Authenticator, AsyncDisposable {
  /** The owner, as the terminal acts for them. */
  readonly terminalActor: Actor;
  readonly secrets: SecretBox;
  readonly door: FrontDoor;
  readonly people: People;
  readonly sessions: Sessions;
  readonly links: AccountLinks;
  readonly keys: ApiKeys;
  readonly platformKeys: PlatformKeys;
  readonly teams: Teams;
  readonly house: House;
  ownerHasPassword(): Promise<boolean>;
  /** Loads what the first signed-in request would otherwise wait for. Call it once the server listens. */
  warmUp(): Promise<void>;
}

export interface OpenAccountsOptions {
  storage: Storage;
  clock: Clock;
  newId: NewId;
  logger: Logger;
  dataDirectory: string;
}

/** Opens the accounts of a house; the first time, that makes its owner, its keys and the terminal's token. */
export async function openAccounts({
  storage,
  clock,
  newId,
  logger,
  dataDirectory,
}: OpenAccountsOptions): Promise<Accounts> {
  const { db } = storage;
  const [secrets, terminalToken, ownerId] = await Promise.all([
    openSecretBox({ dataDirectory, logger }),
    openTerminalToken({ dataDirectory, logger }),
    ensureOwner({ storage, clock, newId }),
  ]);
  const cookieName = cookieNameOf(secrets);
  const engine = loadOnce(async () => {
    const { createSessionEngine } = await import('./session-engine.ts');
    const secret = secrets.derive('sessions').toString('base64url');
    return createSessionEngine({ storage, logger, newId, secret, cookieName });
  });
  const links = new AccountLinks({ db, clock, newId });
  const house = new House(db);
  const keys = new ApiKeys({ db, clock, newId, logger, revision: () => storage.revision() });
  const teams = new Teams({ storage, clock, newId });
  const platformKeys = new PlatformKeys({ db, clock, newId, teams });
  const terminalActor: Actor = { userId: ownerId, role: 'owner', via: 'terminal', scopes: ['all'], sessionId: null };
  await deleteSessionsExpiredBefore(db, clock.now());
  return {
    terminalActor,
    secrets,
    door: new FrontDoor({ storage, clock, newId, engine, links, house }),
    people: new People({ storage, clock, newId, engine }),
    sessions: new Sessions({ db, clock }),
    links,
    keys,
    platformKeys,
    teams,
    house,
    async authenticate({ authorization, cookie }: Credentials) {
      if (authorization === undefined)
        return cookie?.includes(`${cookieName}=`) ? readSession(await engine(), cookie) : null;
      const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
      if (token === undefined) throw new UnauthenticatedError('The header must be “Authorization: Bearer KEY”.');
      const actor = terminalToken.matches(token) ? terminalActor : await keys.authenticate(token);
      if (!actor)
        throw new UnauthenticatedError('This API key is not known here or was revoked.', { code: 'key-unknown' });
      return { actor, setCookies: [] };
    },
    ownerHasPassword: async () => (await findUser(db, ownerId))?.hasPassword ?? false,
    warmUp: async () => {
      await engine();
    },
    [Symbol.asyncDispose]: () => keys.close(),
  };
}

/** Two houses on one machine share the cookies of `localhost`, whatever their ports, so each has a name of its own. */
function cookieNameOf(secrets: SecretBox): string {
  return `everwith-${secrets.derive('cookie-name').toString('hex').slice(0, 8)}`;
}

async function readSession(engine: SessionEngine, cookie: string): Promise<Authentication | null> {
  const session = await engine.readSession(cookie);
  if (!session) return null;
  const { userId, role, sessionId, setCookies } = session;
  return { actor: { userId, role, via: 'session', scopes: ['all'], sessionId }, setCookies };
}

/** A house has exactly one owner, who at first has neither name nor password. */
async function ensureOwner({
  storage,
  clock,
  newId,
}: Pick<OpenAccountsOptions, 'storage' | 'clock' | 'newId'>): Promise<string> {
  const found = await findOwnerId(storage.db);
  if (found !== undefined) return found;
  await insertUser(storage.db, { id: newId(), name: '', username: null, role: 'owner', now: clock.now() });
  // Another process may have been first; either way there is one now.
  const made = await findOwnerId(storage.db);
  if (made === undefined) throw new Error('The owner could not be made.');
  return made;
}

/** Loads on the first call; a failure is not kept. */
function loadOnce<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
}
