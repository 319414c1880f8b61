import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Conversation } from '../../../contract/conversations.ts';
import { PLAIN_CALLS } from '../../../contract/voice.ts';
import type { CallPreferences } from '../../../contract/voice.ts';
import { CallBackdrop } from './call-backdrop.tsx';
import classes from './call-page.module.css';
import { callPreferencesQuery, voiceReadinessQuery } from './call-queries.ts';
import { ReadinessStep } from './readiness-step.tsx';

export interface CallGateProps {
  conversation: Conversation;
  children: (preferences: CallPreferences) => ReactNode;
}

/** Before a call: how the person likes it, and whether this house can speak and listen in its language. */
export function CallGate({ conversation, children }: CallGateProps) {
  const preferences = useQuery(callPreferencesQuery);
  const readiness = useQuery(voiceReadinessQuery(conversation.locale));
  // A call that cannot begin says so itself: a question that fails keeps nobody from trying.
  const isWaiting = preferences.isPending || readiness.isPending;
  if (!isWaiting && readiness.data?.ready !== false) return children(preferences.data ?? PLAIN_CALLS);
  return (
    <main className={classes['page']} data-live="false" aria-busy={isWaiting}>
      <CallBackdrop conversation={conversation} />
      {readiness.data?.ready === false && <ReadinessStep conversation={conversation} readiness={readiness.data} />}
    </main>
  );
}
