import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Conversation } from '../../../contract/conversations.ts';
import { PLAIN_CALLS } from '../../../contract/voice.ts';
import type { CallPreferences } from '../../../contract/voice.ts';
import { CALL_PREFERENCES_KEY } from './use-call-preferences.ts';

export interface CallGateProps {
  conversation: Conversation;
  elder: boolean;
  children: (preferences: CallPreferences) => ReactNode;
}

export function CallGate({ children }: CallGateProps) {
  const { data } = useQuery({
    queryKey: CALL_PREFERENCES_KEY,
    queryFn: () => PLAIN_CALLS,
    initialData: PLAIN_CALLS,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return children(data);
}
