import { useQueryClient } from '@tanstack/react-query';
import { PLAIN_CALLS } from '../../../contract/voice.ts';
import type { CallPreferences } from '../../../contract/voice.ts';
import { api } from '../../state/api.ts';
import { showToast } from '../../state/toasts.ts';
import { useErrorText } from '../../state/use-error-text.ts';
import { callPreferencesQuery } from './call-queries.ts';

/** Changes how the person likes to call, at once here and then on every device. */
export function useCallPreferences(): (change: Partial<CallPreferences>) => void {
  const queryClient = useQueryClient();
  const errorText = useErrorText();
  return (change) => {
    const { queryKey } = callPreferencesQuery;
    const body = { ...(queryClient.getQueryData(queryKey) ?? PLAIN_CALLS), ...change };
    queryClient.setQueryData(queryKey, body);
    // Where it cannot be kept, it holds for this call.
    api
      .call('saveCallPreferences', { body })
      .catch((error: unknown) => showToast({ kind: 'error', text: errorText(error) }));
  };
}
