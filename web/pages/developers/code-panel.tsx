import { useTranslation } from 'react-i18next';
import { copyText } from '../../state/copy-text.ts';
import { showToast } from '../../state/toasts.ts';
import { Button } from '@mantine/core';
import { IconCopy } from '../../ui/icons.ts';
import classes from './developers.module.css';

/** Code to take along. `name` says what it is, for the eye and for who hears the button. */
export function CodePanel({ name, code, copied = code }: { name: string; code: string; copied?: string }) {
  const { t } = useTranslation(['developers', 'common']);
  return (
    <div className={classes['code']}>
      <div className={classes['codeHead']}>
        <span>{name}</span>
        <Button
          variant="subtle"
          leftSection={<IconCopy size={16} aria-hidden />}
          aria-label={t('developers:copyOf', { name })}
          onClick={() => void copyText(copied).then((done) => done && showToast({ text: t('common:copied') }))}
        >
          {t('common:copy')}
        </Button>
      </div>
      {/* A scrolling region must be reachable by keyboard (WCAG 2.1.1). */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre tabIndex={0} aria-label={name}>
        <code>{code}</code>
      </pre>
    </div>
  );
}
