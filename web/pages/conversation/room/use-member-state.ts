import { useTranslation } from 'react-i18next';
import type { ConversationState } from '../../../../client/conversation-state.ts';
import type { Participant } from '../../../../contract/rooms.ts';
import { memberActivity } from './member-activity.ts';

export interface MemberState {
  /** The one thing most worth knowing now; empty where there is none. */
  text: string;
  /** Speaks or types. */
  active: boolean;
  online: boolean;
}

/** How somebody is just now: speaking, typing, out of the scene, behind a door, muted. */
export function useMemberState(participant: Participant, state: ConversationState): MemberState {
  const { t } = useTranslation('room');
  const { id, kind, present, door, muted } = participant;
  const activity = memberActivity(participant, state);
  const online = state.presence.some((one) => one.participantId === id && one.online);
  const active = activity !== null;
  if (activity !== null) return { text: t(`state.${activity}`), active, online };
  if (!present) return { text: t('state.away'), active, online };
  if (door !== '') return { text: t('state.door', { door }), active, online };
  if (muted) return { text: t('state.muted'), active, online };
  return { text: kind === 'human' && online ? t('state.online') : '', active, online };
}
