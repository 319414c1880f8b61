import { createParser } from 'eventsource-parser';
import type { z } from 'zod';
import { ApiError, parseJson } from './api-error.ts';
import type { ApiClient } from './create-client.ts';

export interface StreamPartsOptions<Part> {
  client: ApiClient;
  path: string;
  body: unknown;
  /** What each event must be; others, of a newer server, are skipped. */
  part: z.ZodType<Part>;
  signal: AbortSignal;
}

/**
 * Posts a request whose answer is a stream of events and gives them one by one. Rejects with `ApiError` when the
 * request is refused or the stream breaks; ends quietly when the signal aborts.
 */
export async function* streamParts<Part>(options: StreamPartsOptions<Part>): AsyncGenerator<Part, void, undefined> {
  const { client, path, body, part, signal } = options;
  const arrived: Part[] = [];
  const parser = createParser({
    onEvent: ({ data }) => {
      const parsed = part.safeParse(parseJson(data));
      if (parsed.success) arrived.push(parsed.data);
    },
  });
  try {
    const response = await client.open(path, { signal, accept: 'text/event-stream', body });
    const reader = response.body?.getReader();
    const decoder = new TextDecoder();
    for (;;) {
      const chunk = await reader?.read();
      if (chunk === undefined || chunk.done) return;
      parser.feed(decoder.decode(chunk.value, { stream: true }));
      yield* arrived.splice(0);
    }
  } catch (error) {
    if (signal.aborted) return;
    if (error instanceof ApiError) throw error;
    throw new ApiError({
      code: 'unreachable',
      message: 'Everwith does not answer. Is it running?',
      status: 0,
      retryable: true,
      cause: error,
    });
  }
}
