import { showToast } from './toasts.ts';
import { useErrorText } from './use-error-text.ts';

/** Runs a call whose failure is told as a toast; the value, or undefined when it failed. */
export function useGuard(): <Value>(work: Promise<Value>) => Promise<Value | undefined> {
  const errorText = useErrorText();
  return async (work) => {
    try {
      return await work;
    } catch (error) {
      showToast({ kind: 'error', text: errorText(error) });
      return undefined;
    }
  };
}
