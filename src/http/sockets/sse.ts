import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import { AbortedError, UnavailableError, isAbort } from '../../base/errors.ts';

/** Bytes that may wait for a slow reader before the stream stops to let it catch up. */
const MAX_BUFFERED_BYTES = 1024 * 1024;
/** How long a reader may leave a full buffer untouched before it is disconnected. */
const MAX_STALL_IN_MS = 15_000;
/** Below the idle time-outs of common proxies (30 to 60 s). */
const HEARTBEAT_IN_MS = 15_000;

export interface SendEventsOptions {
  /** Ends the stream early, besides the reader leaving and the house closing. */
  signal?: AbortSignal;
  heartbeatInMs?: number;
  maxBufferedBytes?: number;
  maxStallInMs?: number;
}

/**
 * Answers with server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html):
 * each value becomes one `data:` line of JSON. `open` gets a signal that aborts when the reader leaves
 * or the server closes, and must end its iterable then. Resolves when the stream is over; a reader that
 * is too slow is disconnected, so its memory is bounded.
 */
export async function sendEvents(
  reply: FastifyReply,
  open: (signal: AbortSignal) => AsyncIterable<unknown>,
  options: SendEventsOptions = {},
): Promise<void> {
  const { maxBufferedBytes = MAX_BUFFERED_BYTES, maxStallInMs = MAX_STALL_IN_MS } = options;
  const response = reply.raw;
  if (reply.request.method === 'HEAD') {
    startStream(reply);
    response.end();
    return;
  }
  const controller = new AbortController();
  const signal = options.signal ? AbortSignal.any([controller.signal, options.signal]) : controller.signal;
  const forget = reply.server.eventStreams.add(reply.request, controller);
  const left = () => controller.abort();
  response.on('close', left);
  startStream(reply);
  const heartbeat = setInterval(() => response.write(':\n\n'), options.heartbeatInMs ?? HEARTBEAT_IN_MS);
  try {
    for await (const event of open(signal)) {
      if (signal.aborted) break;
      response.write(`data: ${JSON.stringify(event)}\n\n`);
      if (response.writableLength > maxBufferedBytes) await letReaderCatchUp(response, signal, maxStallInMs);
    }
    response.end();
  } catch (error) {
    if (isAbort(error)) {
      response.end();
      return;
    }
    reply.log.warn({ err: error }, 'event stream failed');
    breakOff(response, error instanceof UnavailableError);
  } finally {
    clearInterval(heartbeat);
    response.off('close', left);
    forget();
  }
}

function startStream(reply: FastifyReply): void {
  reply.hijack();
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) reply.raw.setHeader(name, value);
  }
  reply.raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  reply.raw.write('retry: 1000\n\n');
}

/** The reader must see a broken stream, not a finished one, so that it attaches again. */
function breakOff(response: ServerResponse, isStuck: boolean): void {
  if (isStuck) response.destroy();
  else response.write(':\n\n', () => response.destroy());
}

async function letReaderCatchUp(response: ServerResponse, signal: AbortSignal, maxStallInMs: number): Promise<void> {
  const stalled = AbortSignal.timeout(maxStallInMs);
  try {
    await once(response, 'drain', { signal: AbortSignal.any([signal, stalled]) });
  } catch (error) {
    if (signal.aborted) throw new AbortedError('The reader left.', { cause: error });
    throw new UnavailableError('The reader of an event stream is too slow.', { code: 'slow-reader', cause: error });
  }
}
