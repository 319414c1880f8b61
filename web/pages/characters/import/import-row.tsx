import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { CardWarning } from '../../../../contract/cards.ts';
import { IconCheck, IconInfoCircle, IconX } from '../../../ui/icons.ts';
import { Scene } from '../../../ui/scene.tsx';
import classes from './import.module.css';
import { useProblemText } from './use-problem-text.ts';
import type { ImportItem } from './use-import-queue.ts';

export interface ImportRowProps {
  item: ImportItem;
  onKeepBoth: () => void;
  onLeave: () => void;
}

export function ImportRow({ item, onKeepBoth, onLeave }: ImportRowProps) {
  const { t } = useTranslation('cards');
  const { result, state } = item;
  const character = result?.character;
  const name = character?.name ?? item.name;
  return (
    <li className={classes['row']} data-state={state}>
      <div className={classes['thumb']}>
        {character ? (
          <Scene pictureUrl={character.pictureUrl} alt="" seed={character.id} />
        ) : (
          <StateIcon state={state} />
        )}
      </div>
      <div className={classes['words']}>
        <strong>{name}</strong>
        <StateLine item={item} />
        {result !== null && result.warnings.length > 0 && <Remarks warnings={result.warnings} />}
      </div>
      <div className={classes['actions']}>
        {state === 'present' && (
          <Button size="xs" variant="default" aria-label={t('import.keepBothOf', { name })} onClick={onKeepBoth}>
            {t('import.keepBoth')}
          </Button>
        )}
        {character && (
          <Button
            size="xs"
            variant="subtle"
            renderRoot={(props) => (
              <Link {...props} to="/characters/$characterId" params={{ characterId: character.id }} onClick={onLeave} />
            )}
          >
            {t('import.see', { name: character.name })}
          </Button>
        )}
      </div>
    </li>
  );
}

function StateIcon({ state }: { state: ImportItem['state'] }) {
  if (state === 'failed') return <IconX size={20} aria-hidden />;
  return state === 'imported' ? <IconCheck size={20} aria-hidden /> : <IconInfoCircle size={20} aria-hidden />;
}

function StateLine({ item: { state, result, error } }: { item: ImportItem }) {
  const { t } = useTranslation('cards');
  const problemText = useProblemText();
  switch (state) {
    case 'waiting':
      return <span className={classes['soft']}>{t('import.waiting')}</span>;
    case 'reading':
      return <span className={classes['soft']}>{t('import.reading')}</span>;
    case 'stopped':
      return <span className={classes['soft']}>{t('import.stopped')}</span>;
    case 'imported':
      return <span className={classes['soft']}>{t('import.imported', { format: result?.format ?? '' })}</span>;
    case 'present':
      return <span className={classes['soft']}>{t('import.isPresent', { format: result?.format ?? '' })}</span>;
    case 'failed':
      return <span className={classes['problem']}>{problemText(error)}</span>;
    default:
      return state satisfies never;
  }
}

function Remarks({ warnings }: { warnings: readonly CardWarning[] }) {
  const { t } = useTranslation('cards');
  return (
    <details className={classes['remarks']} open={warnings.length < 3}>
      <summary>{t('import.remarks', { count: warnings.length })}</summary>
      <ul>
        {warnings.map(({ code, detail }) => (
          <li key={`${code} ${detail}`}>{t(`warning.${code}`, { detail })}</li>
        ))}
      </ul>
    </details>
  );
}
