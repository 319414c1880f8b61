/** A short notice at the edge of the page, with at most one action (usually Undo). */
export interface Toast {
  id: number;
  kind: 'info' | 'error';
  text: string;
  action: { label: string; run: () => void } | null;
}

/** Long enough to read and to reach Undo (WCAG 2.2.1 asks for no less than the reader needs; focus holds it open). */
export const TOAST_LIFE = 10_000;

let toasts: readonly Toast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function change(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

/** Shows a notice; its number dismisses it before its time. */
export function showToast({
  text,
  kind = 'info',
  action = null,
}: Partial<Omit<Toast, 'id'>> & { text: string }): number {
  lastId += 1;
  const same = toasts.filter((toast) => toast.text !== text);
  change([...same, { id: lastId, kind, text, action }].slice(-3));
  return lastId;
}

export function dismissToast(id: number): void {
  change(toasts.filter((toast) => toast.id !== id));
}

export const toastStore = {
  get: (): readonly Toast[] => toasts,
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
