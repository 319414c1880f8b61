import { useTranslation } from 'react-i18next';
import type { Citation } from '../../../../contract/attachments.ts';
import type { Message } from '../../../../contract/messages.ts';
import classes from './files.module.css';
import { useOpenFile } from './opened-file.tsx';
import { usePlaceWords } from './use-place-words.ts';

/** What a reply rests on, below its words. */
export function MessageCitations({ message }: { message: Message }) {
  const { t } = useTranslation('files');
  const open = useOpenFile();
  const placeWords = usePlaceWords();
  const cited = message.parts.flatMap((part) => (part.type === 'citations' ? part.passages : []));
  if (cited.length === 0) return null;
  const named = cited.filter(({ foundBy }) => foundBy === undefined);
  const found = cited.filter(({ foundBy }) => foundBy === 'house');
  const row = (citation: Citation) => (
    <li key={citation.number}>
      <button
        type="button"
        className={classes['citation']}
        onClick={() => open.read({ attachmentId: citation.attachmentId, name: citation.name, citation })}
      >
        {citation.foundBy === undefined && <b>{citation.number}</b>}
        <span>{[citation.name, placeWords(citation)].filter(Boolean).join(' · ')}</span>
      </button>
    </li>
  );
  return (
    <>
      {named.length > 0 && (
        <ul className={classes['citations']} aria-label={t('citations')}>
          {named.map(row)}
        </ul>
      )}
      {found.length > 0 && (
        <>
          <p className={classes['found']}>{t('found')}</p>
          <ul className={classes['citations']} aria-label={t('foundPassages')}>
            {found.map(row)}
          </ul>
        </>
      )}
    </>
  );
}
