import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { RequestPayload } from 'fastify';
import type { Actor } from '../../accounts/actor.ts';
import type { Authenticator } from '../../accounts/authenticator.ts';
import type { Logger } from '../../base/logger.ts';
import type { Config } from '../../config/config.ts';
import type { RateMeter, RateState } from '../../features/platform/limits/rate-meter.ts';
import type { RelayedAnswers, RelayPlan } from '../../features/platform/relay/relayed-answers.ts';
import type { RequestRecorder } from '../../features/platform/request-log/request-log.ts';
import { toAppError, unknownError } from '../error-handler.ts';
import { createHostCheck } from '../host-guard.ts';
import type { HttpApp } from '../http-app.ts';
import { logAnswered } from '../request-log.ts';
import { requireScope } from '../require-scope.ts';
import { presentOpenAiError } from './handle-openai-error.ts';
import { readLeanRequest, type LeanRequest } from './lean-request.ts';
import { platformHeaders } from './openai-headers.ts';
import { pipeRelayed, relayHeaders, STREAM_HEADERS } from './send-relayed.ts';

/** Bytes of a request that is taken here; larger ones have no hurry. */
const BODY_LIMIT = 8 * 1024 * 1024;
const SAFETY_HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

export interface LeanDoorOptions {
  accounts: Authenticator;
  relayedAnswers: RelayedAnswers;
  rates: RateMeter;
  /** While bodies are kept, everything goes the way on which they are. */
  requestLog: Pick<RequestRecorder, 'enabled'>;
  config: Pick<Config, 'host' | 'allowedHosts'>;
  logger: Logger;
  /** Told once, when programs come in numbers. */
  onManyPrograms?: () => void;
}

/** Requests after which a house counts as one that serves programs. */
const MANY = 100;

type ObserveAnswer = HttpApp['observeAnswer'];

/** A request that was let in here. */
interface Guest {
  id: string;
  startedAt: number;
  request: IncomingMessage;
  response: ServerResponse;
  actor: Actor;
  rates: RateState | null;
}

/**
 * The short way for requests that a program sends all day: with an API key, to a model whose provider takes them as they
 * are. It stands in the house's early door, before Fastify's router, asks the same questions by the same functions, and hands everything else on,
 * also whatever it would refuse, so that there is one way to say no.
 */
export class LeanDoor {
  readonly #options: LeanDoorOptions;
  readonly #isOwnHost: (header: string) => boolean;
  /** Bodies that were read here before the request was handed on. */
  readonly #bodies = new WeakMap<IncomingMessage, Buffer>();
  /** Answers from before the figures of the house were there. */
  readonly #uncounted: Parameters<ObserveAnswer>[] = [];
  #observe: ObserveAnswer = (...answered) => void this.#uncounted.push(answered);
  #isClosing = false;
  #taken = 0;
  #answered = 0;

  constructor(options: LeanDoorOptions) {
    this.#options = options;
    this.#isOwnHost = createHostCheck(options.config);
  }

  /** Requests that were looked at here so far, and how many of these are still without an answer or somebody else's. */
  get traffic(): { taken: number; underWay: number } {
    return { taken: this.#taken, underWay: this.#taken - this.#answered };
  }

  /** Answers a request that can go the short way; hands every other one on. */
  take(request: IncomingMessage, response: ServerResponse, handOn: RequestListener): void {
    const isShut = this.#isClosing || this.#options.requestLog.enabled;
    const lean = isShut ? null : readLeanRequest(request, this.#isOwnHost, BODY_LIMIT);
    if (!lean) return handOn(request, response);
    this.#taken += 1;
    if (this.#taken === MANY) this.#options.onManyPrograms?.();
    void this.#serve({ lean, request, response, handOn }).finally(() => (this.#answered += 1));
  }

  /** Belongs to the routes of `scope` from now on, which read again what was read here and count what was answered here. */
  join(scope: HttpApp): void {
    this.#observe = (answer, durationInMs) => scope.observeAnswer(answer, durationInMs);
    for (const [answer, durationInMs] of this.#uncounted.splice(0)) this.#observe(answer, durationInMs);
    scope.addHook('preClose', async () => {
      this.#isClosing = true;
    });
    scope.addHook('preParsing', async ({ raw }, _reply, payload) => {
      const body = this.#bodies.get(raw);
      if (!body) return payload;
      const again: RequestPayload = Readable.from([body], { objectMode: false });
      again.receivedEncodedLength = body.length;
      return again;
    });
  }

  async #serve({
    lean,
    request,
    response,
    handOn,
  }: {
    lean: LeanRequest;
    request: IncomingMessage;
    response: ServerResponse;
    handOn: RequestListener;
  }): Promise<void> {
    const startedAt = performance.now();
    const admitted = await this.#admit(lean, request);
    if (admitted === 'gone') return;
    if (!admitted) return handOn(request, response);
    const { plan, actor, body, raw, rates } = admitted;
    const guest: Guest = { id: randomUUID(), startedAt, request, response, actor, rates };
    response.on('close', () => this.#note(guest, lean));
    const leaving = new AbortController();
    response.on('close', () => {
      if (!response.writableFinished) leaving.abort();
    });
    const { path, kind } = lean;
    try {
      const call = { actor, path, kind, body, raw, requestId: guest.id, signal: leaving.signal };
      const answer = await this.#options.relayedAnswers.answer(call, plan);
      const headers = { ...this.#headers(guest), ...relayHeaders(answer) };
      if (answer.type === 'stream') {
        response.writeHead(200, { ...headers, ...STREAM_HEADERS });
        await pipeRelayed(response, answer.stream);
        return;
      }
      const length = { 'content-type': 'application/json', 'content-length': answer.body.length };
      response.writeHead(200, { ...headers, ...length }).end(answer.body);
    } catch (error) {
      this.#refuse(guest, error);
    }
  }

  /** Everything that is needed to answer; null where somebody else has to, `gone` where nobody waits any more. */
  async #admit(lean: LeanRequest, request: IncomingMessage) {
    try {
      const { authorization } = lean;
      const authentication = await this.#options.accounts.authenticate({ authorization, cookie: undefined });
      if (authentication?.actor.via !== 'key') return null;
      const { actor } = authentication;
      requireScope(actor, 'models');
      const raw = await readBody(request, lean.length);
      if (!raw) return 'gone';
      this.#bodies.set(request, raw);
      const body = parseObject(raw);
      if (!body || !looksRight(body)) return null;
      const plan: RelayPlan | null = await this.#options.relayedAnswers.plan({ actor, body, path: lean.path });
      if (!plan) return null;
      return { plan, actor, body, raw, rates: this.#options.rates.admit(actor) };
    } catch {
      // Whoever is asked next finds the same and says it.
      return null;
    }
  }

  #headers({ id, startedAt, rates, request }: Guest): Record<string, string | number> {
    const { origin } = request.headers;
    const elapsedInMs = performance.now() - startedAt;
    return { 'x-request-id': id, ...SAFETY_HEADERS, ...platformHeaders({ origin, rates, elapsedInMs }) };
  }

  #refuse(guest: Guest, error: unknown): void {
    const { id, response } = guest;
    const known = toAppError(error) ?? unknownError(error, { id, log: this.#options.logger });
    if (response.headersSent) return void response.destroy();
    const { status, headers, body } = presentOpenAiError(known);
    const text = JSON.stringify(body);
    const kind = { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(text) };
    response.writeHead(status, { ...this.#headers(guest), ...headers, ...kind }).end(text);
  }

  #note({ id, startedAt, request, response, actor }: Guest, { path }: LeanRequest): void {
    const durationInMs = performance.now() - startedAt;
    const answered = { method: 'POST', route: `/v1${path}`, status: response.statusCode };
    this.#observe(answered, durationInMs);
    logAnswered(this.#options.logger, {
      ...answered,
      durationInMs,
      requestId: id,
      via: actor.via,
      ip: request.socket.remoteAddress ?? '',
      userId: actor.userId,
      userAgent: request.headers['user-agent'] ?? null,
    });
  }
}

/** Null where its sender left. */
function readBody(request: IncomingMessage, length: number): Promise<Buffer | null> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => resolve(parts.length === 1 ? (parts[0] ?? null) : Buffer.concat(parts, length)));
    request.on('error', () => resolve(null));
    request.on('close', () => resolve(null));
  });
}

function parseObject(raw: Buffer): Record<string, unknown> | null {
  try {
    const value = JSON.parse(raw.toString()) as unknown;
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject && !('__proto__' in value && Object.hasOwn(value, '__proto__'))
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

/** What a provider would only call wrong is called wrong here, by the contract: field and all. */
function looksRight({ model, messages, stream, input, store }: Record<string, unknown>): boolean {
  // What is to be kept has to be read.
  if (store === true) return false;
  if (typeof model !== 'string' || model === '') return false;
  if (stream !== undefined && stream !== null && typeof stream !== 'boolean') return false;
  // Which of the two its way takes, its plan looks at.
  if (messages === undefined) return input !== undefined;
  return Array.isArray(messages) && messages.length > 0 && messages.every(isMessage);
}

function isMessage(message: unknown): boolean {
  return typeof (message as { role?: unknown } | null)?.role === 'string';
}
