import { useQueryClient } from '@tanstack/react-query';
import { api } from './api.ts';
import { showToast } from './toasts.ts';
import { useErrorText } from './use-error-text.ts';

/** Starts and ends downloads of catalog models; failures are told as toasts. */
export function useModelDownloads() {
  const queryClient = useQueryClient();
  const errorText = useErrorText();
  async function guard(work: Promise<unknown>): Promise<boolean> {
    try {
      await work;
      return true;
    } catch (error) {
      showToast({ kind: 'error', text: errorText(error) });
      return false;
    } finally {
      await queryClient.invalidateQueries({ queryKey: ['models'] });
    }
  }
  return {
    guard,
    download: (id: string) => guard(api.call('downloadModel', { params: { id } })),
    cancel: (id: string) => guard(api.call('cancelModelDownload', { params: { id } })),
    remove: (id: string) => guard(api.call('removeModel', { params: { id } })),
    choose: (ref: string) => guard(api.call('chooseDefaultModel', { body: { ref } })),
  };
}
