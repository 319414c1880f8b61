import { Button, Modal } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { ShownKey } from '../../../../contract/platform-keys.ts';
import { ButtonRow } from '../../../ui/button-row.tsx';
import { CopyField } from '../../../ui/copy-field.tsx';
import { Stack } from '../../../ui/stack.tsx';

/** The only time a key's text is seen. */
export function ShownKeyDialog({ shown, onClose }: { shown: ShownKey; onClose: () => void }) {
  const { t } = useTranslation(['developers', 'common']);
  return (
    <Modal
      opened
      centered
      onClose={onClose}
      title={t('developers:keys.shownTitle', { name: shown.entry.name })}
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      <Stack>
        <p>{t('developers:keys.shownBody')}</p>
        <CopyField value={shown.key} label={t('developers:keys.copyKey')} />
      </Stack>
      <ButtonRow>
        <Button
          variant="default"
          renderRoot={(props) => <Link {...props} to="/developers/$section" params={{ section: 'start' }} />}
        >
          {t('developers:keys.toStart')}
        </Button>
        <Button onClick={onClose}>{t('common:done')}</Button>
      </ButtonRow>
    </Modal>
  );
}
