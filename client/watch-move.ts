import { createParser } from 'eventsource-parser';
import { moveEventSchema, type MoveEvent } from '../contract/moving.ts';
import { parseJson } from './api-error.ts';
import { API_ADDRESSES } from './api-routes.ts';
import { fillPath, type ApiClient } from './create-client.ts';

/** Follows a move until it ends, the connection breaks or the signal aborts; the first event is how it stands. */
export async function* watchMove({
  client,
  id,
  signal,
}: {
  client: ApiClient;
  id: string;
  signal: AbortSignal;
}): AsyncGenerator<MoveEvent, void, undefined> {
  const response = await client.open(fillPath(API_ADDRESSES.moveEvents, { id }), {
    signal,
    accept: 'text/event-stream',
  });
  const arrived: MoveEvent[] = [];
  const parser = createParser({
    onEvent: ({ data }) => {
      const parsed = moveEventSchema.safeParse(parseJson(data));
      if (parsed.success) arrived.push(parsed.data);
    },
  });
  const decoder = new TextDecoder();
  const reader = response.body?.getReader();
  for (;;) {
    const chunk = await reader?.read();
    if (chunk === undefined || chunk.done) return;
    parser.feed(decoder.decode(chunk.value, { stream: true }));
    yield* arrived.splice(0);
  }
}
