import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';

export interface InstallButtonProps {
  label: string;
  size: string;
  licence: string;
  onInstall: () => void;
}

/** Says what comes, how much of it, and under which licence, before it comes. */
export function InstallButton({ label, size, licence, onInstall }: InstallButtonProps) {
  const { t } = useTranslation('voices');
  return (
    <Button variant="default" aria-label={t('installOf', { label, size, licence })} onClick={onInstall}>
      {t('install', { size })}
    </Button>
  );
}
