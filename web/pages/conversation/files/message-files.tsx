import { useTranslation } from 'react-i18next';
import type { Message } from '../../../../contract/messages.ts';
import { formatNumber } from '../../../state/format.ts';
import { IconFile } from '../../../ui/icons.ts';
import classes from './files.module.css';
import { useOpenFile } from './opened-file.tsx';

/** What came along with a message: pictures to look at, files to read. */
export function MessageFiles({ message }: { message: Message }) {
  const { t } = useTranslation('files');
  const open = useOpenFile();
  const pictures = message.parts.filter((part) => part.type === 'image');
  const files = message.parts.filter((part) => part.type === 'file');
  if (pictures.length === 0 && files.length === 0) return null;
  return (
    <div className={classes['carried']}>
      {pictures.length > 0 && (
        <div className={classes['pictures']} data-many={pictures.length > 1}>
          {pictures.map((picture, index) => (
            <button
              key={picture.attachmentId}
              type="button"
              className={classes['picture']}
              aria-label={t('look', { name: picture.alt || picture.name })}
              onClick={() => open.look(pictures, index)}
            >
              <img
                src={picture.url}
                alt=""
                loading="lazy"
                width={picture.width}
                height={picture.height}
                style={{ aspectRatio: `${picture.width} / ${picture.height}` }}
              />
            </button>
          ))}
        </div>
      )}
      {files.map((file) => (
        <button
          key={file.attachmentId}
          type="button"
          className={classes['fileChip']}
          onClick={() => open.read({ attachmentId: file.attachmentId, name: file.name, citation: null })}
        >
          <IconFile size={20} aria-hidden />
          <span className={classes['chipWords']}>
            <span className={classes['chipName']}>{file.name}</span>
            <small>{t('size', { size: formatNumber(Math.max(1, Math.round(file.size / 1024))) })}</small>
          </span>
        </button>
      ))}
    </div>
  );
}
