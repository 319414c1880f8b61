import { open, rm, truncate } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { errorMessage, isAbort, UnavailableError, type AppError } from '../../base/errors.ts';
import { diskError, fileSize } from './weights-folder.ts';

export interface HubTimeouts {
  /** Until the answer's headers are there. */
  answerInMs: number;
  /** Between two pieces of the body. */
  silenceInMs: number;
  /** Before the first new attempt after a cut; grows with each. */
  pauseInMs: number;
}

export const HUB_TIMEOUTS: HubTimeouts = { answerInMs: 15_000, silenceInMs: 60_000, pauseInMs: 1_000 };

/** A cut connection is taken up again this often without one new byte before the source is given up. */
const ATTEMPTS_WITHOUT_PROGRESS = 3;
/** Hubs send one to their storage; more than a few hops are a loop. */
const MOST_REDIRECTS = 5;

export interface HubRequest {
  url: string;
  sizeBytes: number;
  sha256: string;
  fetch: typeof fetch;
  timeouts: HubTimeouts;
  signal: AbortSignal;
}

/**
 * Fetches one file over HTTP into `partPath`, going on from what is there already (RFC 9110 §14 ranges). Returns when
 * the file has its full size; its hash is the caller's to check. Throws `UnavailableError` for what this source did
 * wrong, `ResourceError` for the disk.
 */
export async function fetchHub({
  partPath,
  onProgress,
  ...request
}: HubRequest & { partPath: string; onProgress: (receivedBytes: number) => void }): Promise<void> {
  let idle = 0;
  for (;;) {
    const before = (await fileSize(partPath)) ?? 0;
    if (before > request.sizeBytes) await truncate(partPath, 0);
    if (before === request.sizeBytes) return;
    try {
      await transfer({ ...request, partPath, onProgress });
    } catch (error) {
      if (request.signal.aborted || !isCut(error)) throw error;
      idle = ((await fileSize(partPath)) ?? 0) > before ? 0 : idle + 1;
      if (idle >= ATTEMPTS_WITHOUT_PROGRESS) throw error;
      await delay(request.timeouts.pauseInMs * (idle + 1), undefined, { signal: request.signal });
    }
  }
}

/** Asks for one byte, to learn whether the right file can be had here. Throws like `fetchHub`. */
export async function probeHub(request: HubRequest): Promise<void> {
  const idle = new AbortController();
  const { response } = await openRange({ ...request, from: 0, to: 0, idle });
  await response.body?.cancel();
}

async function transfer({
  partPath,
  onProgress,
  ...request
}: HubRequest & { partPath: string; onProgress: (receivedBytes: number) => void }): Promise<void> {
  const from = (await fileSize(partPath)) ?? 0;
  const idle = new AbortController();
  const { response, start } = await openRange({ ...request, from, idle });
  const body = response.body;
  if (!body) throw sourceError(request.url, 'source-cut', 'the answer was empty');
  const file = await open(partPath, start === 0 ? 'w' : 'a').catch((error: unknown) => {
    throw diskError(error, partPath) ?? error;
  });
  const timer = setTimeout(() => idle.abort(), request.timeouts.silenceInMs);
  let received = start;
  try {
    for await (const chunk of body) {
      timer.refresh();
      received += chunk.byteLength;
      if (received > request.sizeBytes) {
        throw sourceError(request.url, 'source-wrong-file', 'it sends more bytes than the model has');
      }
      await file.writeFile(chunk);
      onProgress(received);
    }
    await file.sync();
  } catch (error) {
    throw transferError({ error, request, idle, partPath });
  } finally {
    clearTimeout(timer);
    await file.close();
  }
  if (received < request.sizeBytes) {
    throw sourceError(
      request.url,
      'source-cut',
      `the connection ended after ${received} of ${request.sizeBytes} bytes`,
    );
  }
}

function transferError({
  error,
  request,
  idle,
  partPath,
}: {
  error: unknown;
  request: HubRequest;
  idle: AbortController;
  partPath: string;
}): unknown {
  if (request.signal.aborted) return request.signal.reason;
  if (error instanceof UnavailableError) return error;
  if (idle.signal.aborted) {
    const seconds = Math.round(request.timeouts.silenceInMs / 1000);
    return sourceError(request.url, 'source-cut', `nothing came for ${seconds} seconds`);
  }
  const disk = diskError(error, partPath);
  return disk ?? sourceError(request.url, 'source-cut', `the connection was cut (${errorMessage(error)})`, error);
}

interface OpenedRange {
  response: Response;
  /** The offset of the first byte of the body. */
  start: number;
}

async function openRange({
  from,
  to,
  idle,
  ...request
}: HubRequest & { from: number; to?: number; idle: AbortController }): Promise<OpenedRange> {
  const range = from > 0 || to !== undefined ? `bytes=${from}-${to ?? ''}` : null;
  const response = await followRedirects({ ...request, range, idle });
  try {
    return checkAnswer({ response, request, from, asked: range !== null });
  } catch (error) {
    await response.body?.cancel().catch(() => undefined);
    throw error;
  }
}

function checkAnswer({
  response,
  request,
  from,
  asked,
}: {
  response: Response;
  request: HubRequest;
  from: number;
  asked: boolean;
}): OpenedRange {
  const { url, sizeBytes } = request;
  if (response.status === 206 && asked) {
    const match = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '');
    const total = match?.[2];
    if (Number(match?.[1]) !== from)
      throw sourceError(url, 'source-wrong-file', 'it sends another part than asked for');
    if (total !== '*' && Number(total) !== sizeBytes) throw wrongSize(url, total, sizeBytes);
    return { response, start: from };
  }
  if (response.status === 200) {
    const length = response.headers.get('content-length');
    if (length !== null && Number(length) !== sizeBytes) throw wrongSize(url, length, sizeBytes);
    return { response, start: 0 };
  }
  throw sourceError(url, 'source-refused', `it answered ${response.status}`);
}

/**
 * Redirects are followed by hand because the hub's own answer, before it sends one to its storage, names the hash of
 * the file (`x-linked-etag`): a replaced file is found out before gigabytes of it are fetched.
 */
async function followRedirects({
  url,
  range,
  idle,
  ...request
}: HubRequest & { range: string | null; idle: AbortController }): Promise<Response> {
  let address = url;
  for (let hop = 0; hop <= MOST_REDIRECTS; hop += 1) {
    const response = await ask({ ...request, url, address, range, idle });
    const linked = /^"?([0-9a-f]{64})"?$/.exec(response.headers.get('x-linked-etag') ?? '')?.[1];
    const location = response.headers.get('location');
    const isRedirect = response.status >= 300 && response.status < 400 && location !== null;
    if (linked !== undefined && linked !== request.sha256) {
      await response.body?.cancel();
      throw sourceError(url, 'source-wrong-file', 'it has another file under this name');
    }
    if (!isRedirect) return response;
    await response.body?.cancel();
    const next = URL.parse(location, address);
    if (!next || !/^https?:$/.test(next.protocol)) throw sourceError(url, 'source-refused', 'it redirects to nowhere');
    address = next.href;
  }
  throw sourceError(url, 'source-refused', 'it redirects in circles');
}

async function ask({
  url,
  address,
  range,
  idle,
  ...request
}: HubRequest & { address: string; range: string | null; idle: AbortController }): Promise<Response> {
  const timer = setTimeout(() => idle.abort(), request.timeouts.answerInMs);
  try {
    return await request.fetch(address, {
      redirect: 'manual',
      signal: AbortSignal.any([request.signal, idle.signal]),
      headers: { 'accept-encoding': 'identity', 'user-agent': 'everwith', ...(range ? { range } : {}) },
    });
  } catch (error) {
    if (request.signal.aborted) throw request.signal.reason;
    if (idle.signal.aborted || isAbort(error))
      throw sourceError(url, 'source-unreachable', 'it does not answer', error);
    throw sourceError(url, 'source-unreachable', networkReason(error), error);
  } finally {
    clearTimeout(timer);
  }
}

/** What a person understands of a failed connection. */
export function networkReason(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const code = (cause as NodeJS.ErrnoException | null)?.code;
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'its name cannot be found';
    case 'ECONNREFUSED':
      return 'it refuses connections';
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
      return 'there is no way to it';
    case 'ECONNRESET':
    case 'UND_ERR_SOCKET':
      return 'the connection was cut';
    case undefined:
      return errorMessage(cause);
    default:
      return `the connection failed (${code})`;
  }
}

function wrongSize(url: string, found: string | undefined, expected: number): AppError {
  return sourceError(url, 'source-wrong-file', `its file has ${found} bytes instead of ${expected}`);
}

/** An error of one source; its message begins with the source's host name. */
function sourceError(url: string, code: string, what: string, cause?: unknown): UnavailableError {
  return new UnavailableError(`${sourceHost(url)}: ${what}`, { code, ...(cause === undefined ? {} : { cause }) });
}

export function sourceHost(url: string): string {
  return URL.parse(url)?.host ?? url;
}

function isCut(error: unknown): boolean {
  return error instanceof UnavailableError && error.code === 'source-cut';
}

/** Forgets a partial download. */
export async function discardPart(partPath: string): Promise<void> {
  await rm(partPath, { force: true });
}
