import type { OnAccount } from '../../models/billing/bill.ts';
import { personally } from '../../models/billing/payers.ts';

/** Files are read for whoever gave them, and looked through for the owner of the conversation. */
export function documentAccount({ userId, conversationId }: { userId: string; conversationId: string }): OnAccount {
  return { payer: personally(userId), purpose: 'document', conversationId };
}
