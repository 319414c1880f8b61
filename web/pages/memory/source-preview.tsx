import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { MemorySourceList } from '../../../contract/memory.ts';
import { formatDateTime } from '../../state/format.ts';
import { useErrorText } from '../../state/use-error-text.ts';
import { MarkedText } from './marked-text.tsx';
import { memorySourcesQuery } from './memory-queries.ts';
import classes from './source-preview.module.css';
import { withoutMarks } from './without-marks.ts';

type Source = MemorySourceList['sources'][number];

export interface SourcePreviewProps {
  messageIds: readonly string[];
  /** The words that matter; marked where they stand. */
  quote?: string;
  /** Or the words of a question that were found. */
  words?: readonly string[];
}

/** What was said, in its place: the message and the turns around it, without leaving the page. */
export function SourcePreview({ messageIds, quote = '', words = [] }: SourcePreviewProps) {
  const { t } = useTranslation('memory');
  const errorText = useErrorText();
  const query = useQuery(memorySourcesQuery(messageIds));
  if (query.isError) {
    return (
      <p className={classes['note']} role="alert">
        {errorText(query.error)}
      </p>
    );
  }
  if (query.data === undefined)
    return <div className={classes['waiting']} aria-busy aria-label={t('source.loading')} />;
  if (query.data.length === 0) return <p className={classes['note']}>{t('source.gone')}</p>;
  return (
    <ol className={classes['sources']}>
      {query.data.map((source) => (
        <li key={source.messageId}>
          <SourceTurns source={source} marked={quote === '' ? words : [quote]} />
        </li>
      ))}
    </ol>
  );
}

function SourceTurns({ source, marked }: { source: Source; marked: readonly string[] }) {
  const { t } = useTranslation('memory');
  const { before, after, conversationId, messageId, present } = source;
  return (
    <>
      {before !== null && <Turn turn={before} />}
      <Turn turn={source} marked={marked} />
      {after !== null && <Turn turn={after} />}
      <p className={classes['foot']}>
        <time dateTime={new Date(source.at).toISOString()}>{formatDateTime(source.at)}</time>
        {present ? (
          <Link to="/c/$conversationId" params={{ conversationId }} search={{ message: messageId }}>
            {t('source.open')}
          </Link>
        ) : (
          <span>{t('source.offPath')}</span>
        )}
      </p>
    </>
  );
}

interface TurnProps {
  turn: { speaker: string; byHuman: boolean; excerpt: string };
  /** Absent for turns beside the one meant. */
  marked?: readonly string[];
}

function Turn({ turn, marked }: TurnProps) {
  const words = withoutMarks(turn.excerpt);
  return (
    <div className={classes['turn']} data-mine={turn.byHuman} data-meant={marked !== undefined}>
      <b>{turn.speaker}</b>
      <p>{marked === undefined ? words : <MarkedText text={words} words={marked.map(withoutMarks)} />}</p>
    </div>
  );
}
