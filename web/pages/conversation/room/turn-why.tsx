import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Message } from '../../../../contract/messages.ts';
import { receiptQuery } from '../../../state/queries.ts';
import classes from './room-row.module.css';

/** The director's words on why it was this character's turn. */
export function TurnWhy({ message }: { message: Message }) {
  const { t } = useTranslation('room');
  const { data } = useQuery({ ...receiptQuery(message.id), enabled: message.hasReceipt, retry: false });
  const turn = data?.turn;
  if (turn === undefined || turn.by !== 'director' || turn.why === '') return null;
  return <span className={classes['why']}>{t('why', { reason: turn.why })}</span>;
}
