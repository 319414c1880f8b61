import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { z } from 'zod';
import { streamFaultOf } from '../../../../models/relay/relay-errors.ts';
import { garbageError } from '../../../../models/remote/provider-errors.ts';
import type { RemoteProvider } from '../../../../models/remote/provider-kinds.ts';
import type { ProviderCall } from '../../../../models/speech/remote/provider-call.ts';
import { parseJson } from '../../chat/parse-json.ts';
import type { ProviderEvent } from './told-response.ts';

const eventSchema = z.looseObject({
  type: z.string(),
  response: z.record(z.string(), z.unknown()).optional(),
  output_index: z.int().nonnegative().optional(),
  content_index: z.int().nonnegative().optional(),
  item: z.record(z.string(), z.unknown()).optional(),
  part: z.record(z.string(), z.unknown()).optional(),
});
/** Characters of one event; a picture travels in one. */
const LONGEST_EVENT = 64 * 1024 * 1024;

/** Events of a response as a provider streams them. Throws `UnavailableError` for what is none, and for its faults. */
export async function* readEvents(
  provider: RemoteProvider,
  { response, chunks }: ProviderCall,
): AsyncGenerator<ProviderEvent> {
  if (!/event-stream/u.test(response.headers.get('content-type') ?? '')) {
    await chunks.return(undefined);
    throw garbageError(provider);
  }
  const waiting: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => waiting.push(event), maxBufferSize: LONGEST_EVENT });
  const decoder = new TextDecoder();
  for await (const chunk of chunks) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    for (const { data } of waiting.splice(0)) if (data !== '[DONE]') yield toEvent(provider, data);
  }
}

function toEvent(provider: RemoteProvider, data: string): ProviderEvent {
  const event = readEvent(data);
  if (!event) throw garbageError(provider);
  if (event.type === 'error') throw streamFaultOf(provider, event['error'] ?? event);
  return event;
}

function readEvent(data: string): ProviderEvent | undefined {
  try {
    return eventSchema.safeParse(parseJson(data, 'event')).data as ProviderEvent | undefined;
  } catch {
    return undefined;
  }
}
