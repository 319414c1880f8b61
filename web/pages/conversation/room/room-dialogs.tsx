import { Suspense, lazy, useState } from 'react';
import type { ReactNode } from 'react';
import type { Conversation } from '../../../../contract/conversations.ts';

const AddMemberDialog = lazy(async () => ({ default: (await import('./add-member-dialog.tsx')).AddMemberDialog }));
const InviteDialog = lazy(async () => ({ default: (await import('./invite-dialog.tsx')).InviteDialog }));
const RoomSettingsDialog = lazy(async () => ({
  default: (await import('./room-settings-dialog.tsx')).RoomSettingsDialog,
}));

export type RoomDialog = 'add' | 'invite' | 'settings';

/** The dialogs of a room: which is open is one state, wherever it is asked for. */
export function useRoomDialogs(conversation: Conversation): { show: (dialog: RoomDialog) => void; dialogs: ReactNode } {
  const [dialog, show] = useState<RoomDialog | null>(null);
  const close = () => show(null);
  const dialogs = (
    <Suspense>
      {dialog === 'add' && (
        <AddMemberDialog conversation={conversation} onInvite={() => show('invite')} onClose={close} />
      )}
      {dialog === 'invite' && <InviteDialog conversation={conversation} onClose={close} />}
      {dialog === 'settings' && <RoomSettingsDialog conversation={conversation} onClose={close} />}
    </Suspense>
  );
  return { show, dialogs };
}
