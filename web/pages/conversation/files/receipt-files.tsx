import { useTranslation } from 'react-i18next';
import type { FilesReceipt } from '../../../../contract/attachments.ts';
import { formatNumber } from '../../../state/format.ts';
import receipt from '../receipt.module.css';
import { useOpenFile } from './opened-file.tsx';
import { usePlaceWords } from './use-place-words.ts';
import classes from './files.module.css';

/** Which passages of files, and which pictures, a reply was given. */
export function ReceiptFiles({ files }: { files: FilesReceipt }) {
  const { t } = useTranslation('files');
  const open = useOpenFile();
  const placeWords = usePlaceWords();
  const { used, left, pictures, picturesTold } = files;
  return (
    <>
      <h3 className={receipt['heading']}>{t('receipt.title')}</h3>
      <ul className={classes['citations']}>
        {used.map((passage) => (
          <li key={passage.number}>
            <button
              type="button"
              className={classes['citation']}
              onClick={() => open.read({ attachmentId: passage.attachmentId, name: passage.name, citation: passage })}
            >
              <b>{passage.number}</b>
              <span>{[passage.name, placeWords(passage)].filter(Boolean).join(' · ')}</span>
            </button>
          </li>
        ))}
      </ul>
      {left > 0 && (
        <p className={receipt['hint']}>{t('receipt.left', { count: left, formatted: formatNumber(left) })}</p>
      )}
      {pictures.length > 0 && <p className={receipt['hint']}>{t('receipt.shown', { names: pictures.join(', ') })}</p>}
      {picturesTold > 0 && <p className={receipt['hint']}>{t('receipt.told', { count: picturesTold })}</p>}
    </>
  );
}
