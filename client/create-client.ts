import type { z } from 'zod';
import { ApiError, isAbortError, parseJson, readApiError } from './api-error.ts';
import { API_ROUTES } from './api-routes.ts';
import type { ApiRoute } from './api-route.ts';
import type { ApiRouteName, ApiRoutes } from './api-routes.ts';

type PathParameter<Path extends string> = Path extends `${string}:${infer Rest}`
  ? Rest extends `${infer Name}/${infer Tail}`
    ? Name | PathParameter<Tail>
    : Rest
  : never;

type ParametersPart<Path extends string> = [PathParameter<Path>] extends [never]
  ? { params?: undefined }
  : { params: Record<PathParameter<Path>, string> };
type BodyPart<Route> = Route extends { body: infer Body extends z.ZodType }
  ? { body: z.input<Body> }
  : { body?: undefined };

export type QueryValues = Record<string, string | number | undefined>;
export type CallOptions<Name extends ApiRouteName> = ParametersPart<ApiRoutes[Name]['path']> &
  BodyPart<ApiRoutes[Name]> & { query?: QueryValues; signal?: AbortSignal };
export type CallResult<Name extends ApiRouteName> = z.output<ApiRoutes[Name]['response']>;

/** A call that needs neither parameters nor a body may leave its options out. */
type CallArguments<Name extends ApiRouteName> =
  { signal?: AbortSignal } extends CallOptions<Name> ? [options?: CallOptions<Name>] : [options: CallOptions<Name>];

export interface ApiClient {
  /** Calls one route; rejects with `ApiError`, or with the signal's reason when aborted. */
  call<Name extends ApiRouteName>(name: Name, ...options: CallArguments<Name>): Promise<CallResult<Name>>;
  /** Opens a stream or download; the caller reads the body. With a `body` it posts, a `Blob` as a file. Rejects like `call`. */
  open(path: string, options: { signal: AbortSignal; accept: string; body?: unknown }): Promise<Response>;
  /** Puts a body that is not JSON, such as files. Rejects like `call`. */
  send(path: string, options: { body: Blob; contentType: string; signal?: AbortSignal }): Promise<void>;
  /** The absolute or same-origin address of a path. */
  url(path: string): string;
}

export interface ClientOptions {
  /** Without a trailing slash; empty means the page's own origin. */
  baseUrl: string;
  /** API key or terminal token; a browser uses its cookie instead. */
  token?: string;
  fetch?: typeof globalThis.fetch;
}

interface LooseOptions {
  params?: Record<string, string> | undefined;
  body?: unknown;
  query?: QueryValues;
  signal?: AbortSignal;
}

/** Fills `:name` parameters and appends the query; undefined values are left out. */
export function fillPath(path: string, params: Record<string, string> = {}, query: QueryValues = {}): string {
  const filled = path.replace(/:([a-zA-Z]+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined) search.set(key, String(value));
  const text = search.toString();
  return text === '' ? filled : `${filled}?${text}`;
}

export function createClient({ baseUrl, token, fetch = globalThis.fetch }: ClientOptions): ApiClient {
  const authorization: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };

  async function request(url: string, init: RequestInit): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(url, init);
    } catch (error) {
      if (isAbortError(error) || init.signal?.aborted === true) throw error;
      throw unreachable(error);
    }
    if (!response.ok) throw await readApiError(response);
    return response;
  }

  async function callRoute(route: ApiRoute, options: LooseOptions): Promise<unknown> {
    const hasBody = options.body !== undefined;
    const response = await request(baseUrl + fillPath(route.path, options.params, options.query), {
      method: route.method,
      headers: { accept: 'application/json', ...authorization, ...(hasBody && { 'content-type': 'application/json' }) },
      credentials: 'same-origin',
      ...(hasBody && { body: JSON.stringify(options.body) }),
      ...(options.signal && { signal: options.signal }),
    });
    return parseResponse(route, response);
  }

  return {
    call: (name, ...[options]) => callRoute(API_ROUTES[name], options ?? {}) as never,
    open: (path, { signal, accept, body }) =>
      request(baseUrl + path, {
        headers: { accept, ...authorization, ...(body !== undefined && { 'content-type': contentType(body) }) },
        credentials: 'same-origin',
        signal,
        ...(body !== undefined && { method: 'POST', body: body instanceof Blob ? body : JSON.stringify(body) }),
      }),
    async send(path, { body, contentType, signal }) {
      await request(baseUrl + path, {
        method: 'PUT',
        headers: { accept: 'application/json', 'content-type': contentType, ...authorization },
        credentials: 'same-origin',
        body,
        ...(signal && { signal }),
      });
    },
    url: (path) => baseUrl + path,
  };
}

function contentType(body: unknown): string {
  if (!(body instanceof Blob)) return 'application/json';
  // Sound says what it is; every other file is taken as bytes, whatever the system calls it.
  return body.type.startsWith('audio/') ? body.type : 'application/octet-stream';
}

async function parseResponse(route: ApiRoute, response: Response): Promise<unknown> {
  let text: string;
  try {
    text = await response.text();
  } catch (error) {
    if (isAbortError(error)) throw error;
    throw unreachable(error);
  }
  const parsed = route.response.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new ApiError({
    code: 'unexpected-response',
    message: `The answer to ${route.method} ${route.path} is not what this version understands.`,
    status: response.status,
    retryable: false,
    cause: parsed.error,
  });
}

function unreachable(cause: unknown): ApiError {
  return new ApiError({
    code: 'unreachable',
    message: 'Everwith does not answer. Is it running?',
    status: 0,
    retryable: true,
    cause,
  });
}
