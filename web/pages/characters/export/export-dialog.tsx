import { Button, Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CardLoss, ExportChoices, ExportFormat } from '../../../../contract/cards.ts';
import type { CharacterSummary } from '../../../../contract/characters.ts';
import { api } from '../../../state/api.ts';
import { useErrorText } from '../../../state/use-error-text.ts';
import { ButtonRow } from '../../../ui/button-row.tsx';
import classes from './export.module.css';
import { FormatChoice } from './format-choice.tsx';
import { saveExport } from './save-export.ts';

export interface ExportDialogProps {
  character: Pick<CharacterSummary, 'id' | 'name'>;
  onClose: () => void;
}

/** Chooses the kind of file, says what it cannot carry, and saves it. */
export function ExportDialog({ character, onClose }: ExportDialogProps) {
  const { t } = useTranslation(['cards', 'common']);
  const errorText = useErrorText();
  const query = useQuery({
    queryKey: ['character', character.id, 'exports'],
    queryFn: ({ signal }) => api.call('characterExports', { params: { id: character.id }, signal }),
    staleTime: 0,
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('cards:export.title', { name: character.name })}
      closeButtonProps={{ 'aria-label': t('common:close') }}
      centered
    >
      {query.isError && <p role="alert">{errorText(query.error)}</p>}
      {query.data !== undefined && <Choices character={character} choices={query.data} onClose={onClose} />}
    </Modal>
  );
}

function Choices({ character, choices, onClose }: ExportDialogProps & { choices: ExportChoices }) {
  const { t } = useTranslation('cards');
  const errorText = useErrorText();
  const [format, setFormat] = useState<ExportFormat>('v3-png');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const losses = choices.formats.find((choice) => choice.format === format)?.losses ?? [];

  async function save(): Promise<void> {
    setBusy(true);
    setProblem(null);
    try {
      await saveExport({ id: character.id, format, choices });
      onClose();
    } catch (error) {
      setProblem(t('export.failed', { reason: errorText(error) }));
    } finally {
      setBusy(false);
    }
  }

  return (
    <div className={classes['dialog']}>
      <FormatChoice format={format} formats={choices.formats.map((choice) => choice.format)} onChange={setFormat} />
      <Losses losses={losses} />
      {problem !== null && (
        <p className={classes['problem']} role="alert">
          {problem}
        </p>
      )}
      <ButtonRow>
        <Button loading={busy} onClick={() => void save()}>
          {t('export.download')}
        </Button>
      </ButtonRow>
    </div>
  );
}

function Losses({ losses }: { losses: readonly CardLoss[] }) {
  const { t } = useTranslation('cards');
  return (
    <div className={classes['losses']} role="status">
      {losses.length === 0 ? (
        <p>{t('export.nothingLost')}</p>
      ) : (
        <>
          <p>{t('export.losses')}</p>
          <ul>
            {losses.map(({ code, count }) => (
              <li key={code}>{t(`loss.${code}`, { count })}</li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
