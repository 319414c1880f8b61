import { ConversationSession } from '../../client/conversation-session.ts';
import { createClient } from '../../client/create-client.ts';

/** What opening a conversation cost, as the page does it: its event stream and its newest page. */
export interface Opening {
  messages: number;
  bytes: number;
  /** Until the page could show it. */
  durationInMs: number;
}

/** Milliseconds. */
const PATIENCE = 30_000;

export async function openLikeThePage(
  { address, token }: { address: string; token: string },
  conversationId: string,
): Promise<Opening> {
  let bytes = 0;
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const response = await globalThis.fetch(input, init);
    const body = response.body?.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform: (chunk, controller) => {
          bytes += chunk.length;
          controller.enqueue(chunk);
        },
      }),
    );
    return new Response(body ?? null, response);
  };
  const client = createClient({ baseUrl: address, token, fetch });
  const startedAt = performance.now();
  using session = new ConversationSession({
    client,
    conversationId,
    newId: () => crypto.randomUUID(),
    now: () => Date.now(),
  });
  const shown = Promise.withResolvers<void>();
  session.subscribe(() => {
    const { conversation, loaded } = session.getState();
    if (conversation !== null && loaded) shown.resolve();
  });
  const timer = setTimeout(() => shown.reject(new Error('A conversation did not open.')), PATIENCE);
  session.open();
  await shown.promise;
  clearTimeout(timer);
  return { messages: session.getState().known.size, bytes, durationInMs: performance.now() - startedAt };
}
