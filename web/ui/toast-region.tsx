import { Button, CloseButton } from '@mantine/core';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { TOAST_LIFE, dismissToast, toastStore } from '../state/toasts.ts';
import type { Toast } from '../state/toasts.ts';
import classes from './toast-region.module.css';

export function ToastRegion() {
  const { t } = useTranslation();
  const toasts = useSyncExternalStore(toastStore.subscribe, toastStore.get);
  return (
    <section className={classes['region']} aria-label={t('notices')} aria-live="polite">
      {toasts.map((toast) => (
        <ToastItem key={toast.id} toast={toast} />
      ))}
    </section>
  );
}

function ToastItem({ toast }: { toast: Toast }) {
  const { t } = useTranslation();
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return undefined;
    const timer = setTimeout(() => dismissToast(toast.id), TOAST_LIFE);
    return () => clearTimeout(timer);
  }, [held, toast.id]);
  return (
    <div
      className={classes['toast']}
      data-kind={toast.kind}
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <span className={classes['text']}>{toast.text}</span>
      {toast.action !== null && (
        <Button
          variant="subtle"
          size="compact-md"
          onClick={() => {
            toast.action?.run();
            dismissToast(toast.id);
          }}
        >
          {toast.action.label}
        </Button>
      )}
      <CloseButton aria-label={t('dismiss')} onClick={() => dismissToast(toast.id)} />
    </div>
  );
}
