import {
  requestLogSettingsSchema,
  type LoggedRequest,
  type RequestLogSettings,
} from '../../../../contract/request-log.ts';
import { requireOwner, type Actor } from '../../../accounts/actor.ts';
import type { Clock } from '../../../base/clock.ts';
import { NotFoundError } from '../../../base/errors.ts';
import type { Logger } from '../../../base/logger.ts';
import { readSetting, writeSetting } from '../../../storage/setting-store.ts';
import type { Db } from '../../../storage/storage.ts';
import { readJson } from './read-json.ts';
import { assembleStream } from './assemble-stream.ts';
import { redact } from './redact.ts';
import { deleteLoggedRequests, findLoggedRequest, insertLoggedRequest } from './request-log-store.ts';

const SETTING = { scope: 'house', key: 'requestLog' } as const;
const DEFAULTS: RequestLogSettings = { enabled: false, days: 7 };
const DAY_IN_MS = 86_400_000;
/** Old ones are looked for this often. */
const SWEEP_IN_MS = 3_600_000;
/** More that wait to be written are let go: answering comes first. */
const MOST_WAITING = 256;
/** Characters of one body as it is kept. */
const LONGEST_BODY = 400_000;

/** A request below `/v1` that has been answered. */
export interface AnsweredRequest {
  id: string;
  actor: Actor;
  method: string;
  path: string;
  status: number;
  /** Parsed JSON, or undefined. */
  requestBody: unknown;
  /** What was sent, as far as it was kept. */
  response: { contentType: string; text: string; cut: boolean };
  durationInMs: number;
}

/** What the doors tell of requests; it never holds them up. */
export interface RequestRecorder {
  readonly enabled: boolean;
  record(request: AnsweredRequest): void;
}

/** Whether somebody may look into a team. */
export interface TeamDoor {
  roleOf(actor: Actor, teamId: string): Promise<string | null>;
}

/** Bodies of requests, kept only where the owner wants it, redacted, for as many days as the owner says. */
export class RequestLog implements RequestRecorder {
  readonly #db: Db;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #teams: TeamDoor;
  readonly #writing = new Set<Promise<void>>();
  #settings = DEFAULTS;
  #sweptAt = Number.NEGATIVE_INFINITY;

  private constructor({ db, clock, logger, teams }: { db: Db; clock: Clock; logger: Logger; teams: TeamDoor }) {
    this.#db = db;
    this.#clock = clock;
    this.#logger = logger;
    this.#teams = teams;
  }

  static async open(options: { db: Db; clock: Clock; logger: Logger; teams: TeamDoor }): Promise<RequestLog> {
    const log = new RequestLog(options);
    const stored = await readSetting(options.db, SETTING);
    log.#settings = requestLogSettingsSchema.safeParse(readJson(stored ?? '')).data ?? DEFAULTS;
    return log;
  }

  get enabled(): boolean {
    return this.#settings.enabled;
  }

  settings(): RequestLogSettings {
    return this.#settings;
  }

  async change(actor: Actor, settings: RequestLogSettings): Promise<RequestLogSettings> {
    requireOwner(actor);
    await writeSetting(this.#db, { ...SETTING, value: JSON.stringify(settings) });
    this.#settings = settings;
    this.#sweptAt = Number.NEGATIVE_INFINITY;
    await this.#sweep();
    return settings;
  }

  /** Forgets every body that was kept. */
  async clear(actor: Actor): Promise<void> {
    requireOwner(actor);
    await Promise.all(this.#writing);
    await deleteLoggedRequests(this.#db);
  }

  record(request: AnsweredRequest): void {
    if (!this.enabled || this.#writing.size >= MOST_WAITING) return;
    const writing: Promise<void> = this.#write(request)
      .catch((error: unknown) => this.#logger.warn({ err: error }, 'a request could not be logged'))
      .finally(() => this.#writing.delete(writing));
    this.#writing.add(writing);
  }

  /** One’s own, those of one’s teams, and all for the owner. To others it is not there. */
  async read(actor: Actor, id: string): Promise<LoggedRequest> {
    await Promise.all(this.#writing);
    const row = await findLoggedRequest(this.#db, id);
    const isTheirs =
      row !== undefined &&
      (actor.role === 'owner' ||
        row.userId === actor.userId ||
        (row.teamId !== null && (await this.#teams.roleOf(actor, row.teamId)) !== null));
    if (!isTheirs) throw new NotFoundError('Nothing was kept of this request.');
    const { method, path, status, requestBody, responseBody, truncated, durationInMs, createdAt } = row;
    return { id, method, path, status, requestBody, responseBody, truncated: truncated === 1, durationInMs, createdAt };
  }

  /** Waits for what is being written. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#writing);
  }

  async #write({
    id,
    actor,
    method,
    path,
    status,
    requestBody,
    response,
    durationInMs,
  }: AnsweredRequest): Promise<void> {
    const asked = keep(requestBody);
    const answered = keep(readResponse(response));
    await insertLoggedRequest(this.#db, {
      id,
      userId: actor.userId,
      keyId: actor.key?.id ?? null,
      teamId: actor.key?.teamId ?? null,
      method,
      path: path.slice(0, 500),
      status,
      requestBody: asked.text,
      responseBody: answered.text,
      truncated: asked.truncated || answered.truncated || response.cut ? 1 : 0,
      durationInMs,
      createdAt: this.#clock.now(),
    });
    await this.#sweep();
  }

  async #sweep(): Promise<void> {
    const now = this.#clock.now();
    if (now - this.#sweptAt < SWEEP_IN_MS) return;
    this.#sweptAt = now;
    await deleteLoggedRequests(this.#db, { before: now - this.#settings.days * DAY_IN_MS });
  }
}

function readResponse({ contentType, text }: AnsweredRequest['response']): unknown {
  if (contentType.startsWith('text/event-stream')) return assembleStream(text);
  if (contentType.startsWith('application/json')) return readJson(text) ?? text;
  return contentType.startsWith('text/') ? text : undefined;
}

function keep(body: unknown): { text: string | null; truncated: boolean } {
  if (body === undefined || body === null) return { text: null, truncated: false };
  const { value, truncated } = redact(body);
  const text = JSON.stringify(value);
  if (text.length <= LONGEST_BODY) return { text, truncated };
  // Still JSON, so that it can be shown like the others.
  return { text: JSON.stringify(text.slice(0, LONGEST_BODY)), truncated: true };
}
