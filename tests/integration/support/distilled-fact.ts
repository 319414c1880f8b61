import { readMessage } from '../../../src/conversation/message-store.ts';
import { insertFact } from '../../../src/memory/facts/fact-store.ts';
import { wordsHash } from '../../../src/memory/words-hash.ts';
import type { ChatHouse } from './open-house.ts';

/** Leaves a fact as a distiller does, about the owner and resting on one message. */
export async function leaveDistilledFact(
  house: ChatHouse,
  fact: { id: string; characterId: string; messageId: string; text: string; quote: string },
): Promise<void> {
  const { messageId, ...words } = fact;
  const { storage, accounts } = house.app;
  const node = await readMessage(storage.db, messageId);
  if (!node) throw new Error(`There is no message ${messageId}.`);
  await storage.transaction((trx) =>
    insertFact(trx, {
      ...words,
      ownerId: accounts.terminalActor.userId,
      conversationId: node.conversationId,
      about: 'user',
      subject: 'Ines',
      language: 'en',
      saidAt: node.createdAt,
      validFrom: null,
      validTo: null,
      certainty: 'likely',
      state: 'active',
      everywhere: false,
      by: 'model',
      extractor: 'test',
      replacesId: null,
      audience: '"everyone"',
      createdAt: node.createdAt,
      updatedAt: node.createdAt,
      sources: [{ messageId, conversationId: node.conversationId, hash: wordsHash(node.parts) }],
    }),
  );
}
