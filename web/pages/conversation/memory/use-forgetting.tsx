import { Suspense, lazy, useState } from 'react';
import type { ReactNode } from 'react';
import type { Conversation } from '../../../../contract/conversations.ts';
import type { ForgetRequest } from './message-memory-dialogs.tsx';

const MessageMemoryDialogs = lazy(async () => ({
  default: (await import('./message-memory-dialogs.tsx')).MessageMemoryDialogs,
}));

/** Asks before a message leaves memory; `dialog` stands somewhere on the page. */
export function useForgetting(conversation: Conversation): {
  askForget: (request: ForgetRequest) => void;
  dialog: ReactNode;
} {
  const [request, setRequest] = useState<ForgetRequest | null>(null);
  const dialog = (
    <Suspense>
      {request !== null && (
        <MessageMemoryDialogs request={request} conversation={conversation} onClose={() => setRequest(null)} />
      )}
    </Suspense>
  );
  return { askForget: setRequest, dialog };
}
