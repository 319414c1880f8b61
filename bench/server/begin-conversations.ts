import { createClient } from '../../client/create-client.ts';

/** Begins conversations with the first character there is. Returns their ids. */
export async function beginConversations(server: { address: string; token: string }, count: number): Promise<string[]> {
  const client = createClient({ baseUrl: server.address, token: server.token });
  const { characters } = await client.call('characters');
  const characterId = characters[0]?.id;
  if (characterId === undefined) throw new Error('The house has no character.');
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    ids.push((await client.call('createConversation', { body: { characterId } })).id);
  }
  return ids;
}
