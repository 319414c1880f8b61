import type { FastifyRequest } from 'fastify';
import type { WebSocket } from 'ws';
import { REALTIME_CLOSE_CODES, realtimeQuerySchema, type RealtimeQuery } from '../../../contract/realtime.ts';
import type { Clock } from '../../base/clock.ts';
import { InvalidInputError } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import type { Area } from '../http-app.ts';
import { RealtimeFault, toRealtimeError } from './realtime-fault.ts';
import { holdRealtimeSession, type CallDoor } from './realtime-session.ts';
import { RealtimeSocket, type RealtimeSocketOptions } from './realtime-socket.ts';

/** Calls of one person at once; a call costs speech models' time. */
const MAX_CALLS_PER_PERSON = 8;

export interface RealtimeAreaOptions {
  calls: CallDoor;
  clock: Clock;
  logger: Logger;
  socketOptions?: RealtimeSocketOptions;
}

/** `GET /v1/realtime`: calls over a WebSocket, in OpenAI's Realtime protocol. */
export function realtimeArea(options: RealtimeAreaOptions): Area {
  const places = new Places();
  return (app) => {
    app.route({
      method: 'GET',
      url: '/v1/realtime',
      schema: { hide: true },
      config: { access: 'user', scope: ['chat', 'models'] },
      handler: () => {
        throw new InvalidInputError('This address is a WebSocket. Connect to it with a client for WebSockets.', {
          code: 'upgrade-needed',
        });
      },
      wsHandler: async (webSocket, request) => {
        const { actor } = request;
        const query = readQuery(request);
        if (query instanceof RealtimeFault) return refuse(webSocket, query);
        using place = places.take(actor.userId);
        if (!place) return refuse(webSocket, tooManyCalls());
        const controller = new AbortController();
        const forget = app.eventStreams.add(request, controller);
        try {
          await holdRealtimeSession({ ...options, webSocket, actor, query, signal: controller.signal });
        } finally {
          forget();
        }
      },
    });
  };
}

/** How many calls each person has. */
class Places {
  readonly #counts = new Map<string, number>();

  /** Null when all are taken; disposing gives the place back. */
  take(userId: string): Disposable | null {
    const count = this.#counts.get(userId) ?? 0;
    if (count >= MAX_CALLS_PER_PERSON) return null;
    this.#counts.set(userId, count + 1);
    return {
      [Symbol.dispose]: () => {
        const left = (this.#counts.get(userId) ?? 1) - 1;
        if (left > 0) this.#counts.set(userId, left);
        else this.#counts.delete(userId);
      },
    };
  }
}

/** Browsers cannot read why a handshake was refused, so a wrong address is told over the socket. */
function readQuery(request: FastifyRequest): RealtimeQuery | RealtimeFault {
  const query = realtimeQuerySchema.safeParse(request.query);
  if (query.success) return query.data;
  const issue = query.error.issues[0];
  const param = issue?.path.join('.') || null;
  return new RealtimeFault(issue?.message ?? 'The address is not right.', { code: 'invalid_value', param });
}

function tooManyCalls(): RealtimeFault {
  return new RealtimeFault(`There are ${MAX_CALLS_PER_PERSON} calls already. End one first.`, {
    code: 'too_many_calls',
    kind: 'rate_limit_error',
  });
}

function refuse(webSocket: WebSocket, fault: RealtimeFault): void {
  const socket = new RealtimeSocket(webSocket);
  const error = toRealtimeError(fault, null);
  if (error) socket.send({ type: 'error', error });
  socket.close(REALTIME_CLOSE_CODES.refused, 'The call could not begin.');
}
