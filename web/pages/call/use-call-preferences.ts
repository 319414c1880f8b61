import { useQueryClient } from '@tanstack/react-query';
import { PLAIN_CALLS } from '../../../contract/voice.ts';
import type { CallPreferences } from '../../../contract/voice.ts';

export const CALL_PREFERENCES_KEY = ['call-preferences'] as const;

/** Changes how the person likes to call. */
export function useCallPreferences(): (change: Partial<CallPreferences>) => void {
  const queryClient = useQueryClient();
  return (change) => {
    queryClient.setQueryData<CallPreferences>(CALL_PREFERENCES_KEY, (kept = PLAIN_CALLS) => ({ ...kept, ...change }));
  };
}
