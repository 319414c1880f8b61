import { Button, Modal } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { CardImport } from '../../../contract/cards.ts';
import { ButtonRow } from '../../ui/button-row.tsx';
import classes from './card-drop.module.css';

/** What the reader of a card wants to tell about it. */
export function ImportRemarks({ imported, onClose }: { imported: CardImport; onClose: () => void }) {
  const { t } = useTranslation(['cards', 'characters', 'common']);
  const navigate = useNavigate();
  const { character, warnings } = imported;
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('characters:warnings.title', { name: character.name })}
      closeButtonProps={{ 'aria-label': t('common:close') }}
      centered
    >
      <p>{t('characters:warnings.body')}</p>
      <ul className={classes['warnings']}>
        {warnings.map(({ code, detail }) => (
          <li key={`${code} ${detail}`}>{t(`cards:warning.${code}`, { detail })}</li>
        ))}
      </ul>
      <ButtonRow>
        <Button
          onClick={() => {
            onClose();
            void navigate({ to: '/characters/$characterId', params: { characterId: character.id } });
          }}
        >
          {t('characters:warnings.open', { name: character.name })}
        </Button>
      </ButtonRow>
    </Modal>
  );
}
