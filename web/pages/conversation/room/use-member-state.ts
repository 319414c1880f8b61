import { useTranslation } from 'react-i18next';
import type { ConversationState } from '../../../../client/conversation-state.ts';
import type { Participant } from '../../../../contract/rooms.ts';

export interface MemberState {
  /** The one thing most worth knowing now; empty where there is none. */
  text: string;
  /** Speaks or types. */
  active: boolean;
  online: boolean;
}

/** How somebody is just now: speaking, typing, out of the scene, behind a door, muted. */
export function useMemberState(
  { id, kind, subjectId, present, door, muted }: Participant,
  { presence, streaming, known }: ConversationState,
): MemberState {
  const { t } = useTranslation('room');
  const here = presence.find(({ participantId }) => participantId === id);
  const speaks = [...streaming.keys()].some((messageId) => {
    const message = known.get(messageId);
    return message?.author.kind === kind && message.author.id === subjectId;
  });
  const active = speaks || here?.typing === true;
  const online = here?.online === true;
  if (speaks) return { text: t('state.speaking'), active, online };
  if (here?.typing === true) return { text: t('state.typing'), active, online };
  if (!present) return { text: t('state.away'), active, online };
  if (door !== '') return { text: t('state.door', { door }), active, online };
  if (muted) return { text: t('state.muted'), active, online };
  return { text: kind === 'human' && online ? t('state.online') : '', active, online };
}
