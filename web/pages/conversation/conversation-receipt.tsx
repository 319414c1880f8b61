import { Suspense, lazy, useState } from 'react';
import type { ConversationState } from '../../../client/conversation-state.ts';
import type { CharacterSummary } from '../../../contract/characters.ts';
import { ReceiptPanel } from './receipt-panel.tsx';
import type { ReceiptChoice } from './use-receipt-choice.ts';
import { useReplyChoices } from './use-reply-choices.ts';

const InspectorDrawer = lazy(async () => ({
  default: (await import('../inspector/inspector-drawer.tsx')).InspectorDrawer,
}));

export interface ConversationReceiptProps {
  narrow: boolean;
  receipt: ReceiptChoice;
  /** The reply whose receipt is shown. */
  messageId: string | null;
  character: CharacterSummary;
  state: ConversationState;
}

/** Why a reply is what it is: its receipt, and from there the exact prompt. */
export function ConversationReceipt({ narrow, receipt, messageId, character, state }: ConversationReceiptProps) {
  const [inspected, setInspected] = useState<string | null>(null);
  const replies = useReplyChoices(state, inspected);
  return (
    <>
      <ReceiptPanel
        narrow={narrow}
        open={receipt.open}
        messageId={messageId}
        character={character}
        onClose={receipt.close}
        onInspect={(id) => {
          setInspected(id);
          // On a phone one sheet follows the other; on a desk both have room.
          if (narrow) receipt.close();
        }}
      />
      <Suspense>
        {inspected !== null && (
          <InspectorDrawer messageId={inspected} replies={replies} onClose={() => setInspected(null)} />
        )}
      </Suspense>
    </>
  );
}
