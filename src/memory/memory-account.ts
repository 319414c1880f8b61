import type { OnAccount } from '../models/billing/bill.ts';
import { personally } from '../models/billing/payers.ts';
import type { Pair } from './pair-view.ts';

/** Remembering is done for the person whose memory it is. */
export function memoryAccount({
  ownerId,
  characterId,
  conversationId = null,
}: Pair & { conversationId?: string | null }): OnAccount {
  return { payer: personally(ownerId), purpose: 'memory', characterId, conversationId };
}
