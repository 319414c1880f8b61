import type { StoredItem } from '../../../../contract/openai/response-items.ts';
import type { NewId } from '../../../base/ids.ts';
import type { Trx } from '../../../storage/storage.ts';
import { insertApiConversationItems, readApiConversation, updateApiConversation } from './api-conversation-store.ts';

/** What was said joins a conversation of the API, unless that was deleted meanwhile. */
export async function addToConversation(
  trx: Trx,
  {
    apiConversationId,
    ownerId,
    conversationId,
    items,
    newId,
    now,
  }: {
    apiConversationId: string;
    ownerId: string;
    /** The house's conversation in which a character answered; null = none did. */
    conversationId: string | null;
    items: readonly StoredItem[];
    newId: NewId;
    now: number;
  },
): Promise<void> {
  if (!(await readApiConversation(trx, { id: apiConversationId, ownerId }))) return;
  if (conversationId !== null) await updateApiConversation(trx, apiConversationId, { conversationId });
  const places = items.map(() => newId());
  await insertApiConversationItems(trx, { apiConversationId, items, places, now });
}
