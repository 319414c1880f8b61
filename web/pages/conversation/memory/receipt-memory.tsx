import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { CharacterSummary } from '../../../../contract/characters.ts';
import type { MemoryReceipt } from '../../../../contract/memory.ts';
import { formatNumber } from '../../../state/format.ts';
import classes from './receipt-memory.module.css';
import { UsedMemory } from './used-memory.tsx';

export interface ReceiptMemoryProps {
  memory: MemoryReceipt;
  character: Pick<CharacterSummary, 'id' | 'name'>;
}

/** What of earlier talk a reply was given: each memory, how it was found, and where it comes from. */
export function ReceiptMemory({ memory, character }: ReceiptMemoryProps) {
  const { t } = useTranslation('memory');
  const { used, left, mode, reason, tookInMs } = memory;
  const most = Math.max(0, ...used.flatMap(({ parts }) => Object.values(parts)));
  return (
    <section className={classes['memory']} aria-label={t('receipt.title')}>
      <h3>{t('receipt.title')}</h3>
      {reason !== null && <p className={classes['hint']}>{t(`receipt.reason.${reason}`, { name: character.name })}</p>}
      {used.length === 0 && reason === null && <p className={classes['hint']}>{t('receipt.none')}</p>}
      {used.length > 0 && (
        <ul>
          {used.map((use) => (
            <li key={`${use.kind}-${use.id}`}>
              <UsedMemory use={use} most={most} characterId={character.id} />
            </li>
          ))}
        </ul>
      )}
      {left > 0 && <p className={classes['hint']}>{t('receipt.left', { count: left })}</p>}
      {mode !== 'off' && (
        <p className={classes['hint']}>{t(`receipt.mode.${mode}`, { ms: formatNumber(tookInMs, 0) })}</p>
      )}
      <p>
        <Link to="/characters/$characterId/memory" params={{ characterId: character.id }}>
          {t('titleOf', { name: character.name })}
        </Link>
      </p>
    </section>
  );
}
