import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { copyText } from '../state/copy-text.ts';
import classes from './copy-field.module.css';
import { IconCheck, IconCopy } from './icons.ts';

/** A value to take along: shown whole, copied by its button. */
export function CopyField({ value, label }: { value: string; label: string }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  return (
    <div className={classes['field']}>
      <code>{value}</code>
      <Button
        variant="default"
        leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
        onClick={() => void copyText(value).then(setCopied)}
      >
        {copied ? t('copied') : label}
      </Button>
    </div>
  );
}
