import { useTranslation } from 'react-i18next';
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
  const isFound = cited.every(({ foundBy }) => foundBy === 'house');
  return (
    <>
      {isFound && <p className={classes['found']}>{t('found')}</p>}
      <ul className={classes['citations']} aria-label={isFound ? t('foundPassages') : t('citations')}>
        {cited.map((citation) => (
          <li key={citation.number}>
            <button
              type="button"
              className={classes['citation']}
              onClick={() => open.read({ attachmentId: citation.attachmentId, name: citation.name, citation })}
            >
              {!isFound && <b>{citation.number}</b>}
              <span>{[citation.name, placeWords(citation)].filter(Boolean).join(' · ')}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
