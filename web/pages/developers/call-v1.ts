import { z } from 'zod';
import { ApiError, isAbortError, parseJson } from '../../../client/api-error.ts';
import { openAiErrorSchema } from '../../../contract/openai/errors.ts';

export interface V1Request {
  method?: 'GET' | 'POST';
  /** Below `/v1`. */
  path: string;
  body?: unknown;
  /** A key's text; without it the session of this browser speaks. */
  key?: string | undefined;
  signal: AbortSignal;
}

/** Calls the house as a developer's program does. Rejects with `ApiError`. */
export async function callV1({ method = 'POST', path, body, key, signal }: V1Request): Promise<Response> {
  const response = await fetch(`/v1${path}`, {
    method,
    credentials: key === undefined ? 'same-origin' : 'omit',
    headers: {
      ...(body === undefined ? {} : { 'content-type': body instanceof Blob ? body.type : 'application/json' }),
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
    },
    ...(body === undefined ? {} : { body: body instanceof Blob ? body : JSON.stringify(body) }),
    signal,
  }).catch((error: unknown) => {
    if (isAbortError(error) || signal.aborted) throw error;
    throw new ApiError({
      code: 'unreachable',
      message: 'Everwith does not answer.',
      status: 0,
      retryable: true,
      cause: error,
    });
  });
  if (response.ok) return response;
  throw readV1Error(await response.text(), response.status);
}

/** An error body of `/v1`, or the frame of one inside a stream. */
export function readV1Error(text: string, status: number): ApiError {
  const { data } = openAiErrorSchema.safeParse(parseJson(text));
  return new ApiError({
    code: data?.error.code ?? 'unexpected-response',
    message: data?.error.message ?? `The server answered ${status} without saying why.`,
    status,
    retryable: status === 429 || status >= 500,
    field: data?.error.param ?? undefined,
  });
}

const modelListSchema = z.object({ data: z.array(z.looseObject({ id: z.string(), owned_by: z.string() })) });
export type V1Model = z.infer<typeof modelListSchema>['data'][number];

export async function listModels(signal: AbortSignal): Promise<V1Model[]> {
  const response = await callV1({ method: 'GET', path: '/models', signal });
  return modelListSchema.parse(await response.json()).data;
}
