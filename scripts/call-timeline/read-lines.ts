import type { Locale } from '../../contract/common.ts';
import type { HouseProcess } from '../../tests/e2e/support/house-process.ts';

/** A line in the house's own voice, as WAV: what the virtual person says. */
export async function readLine(
  { owner }: HouseProcess,
  { text, locale }: { text: string; locale: Locale },
): Promise<Uint8Array> {
  const { id } = await owner.call('createCharacter', { body: { name: 'Reader', description: '', greeting: text } });
  const conversation = await owner.call('createConversation', { body: { characterId: id, locale } });
  const { messages } = await owner.call('messages', { params: { id: conversation.id }, query: { limit: 1 } });
  const message = messages[0];
  if (message === undefined) throw new Error('The line was not kept.');
  const response = await owner.open(`/api/messages/${message.id}/speech`, {
    signal: AbortSignal.timeout(300_000),
    accept: 'audio/wav',
  });
  return closedWav(new Uint8Array(await response.arrayBuffer()));
}

/** The header of a stream does not know the length; decoders want it. */
function closedWav(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  view.setUint32(4, bytes.length - 8, true);
  view.setUint32(40, bytes.length - 44, true);
  return bytes;
}
