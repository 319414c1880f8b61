import { Modal } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconChevronLeft, IconChevronRight } from '../../../ui/icons.ts';
import classes from './files.module.css';
import type { PicturePart } from './opened-file.tsx';

export interface PictureViewerProps {
  pictures: readonly PicturePart[];
  /** Which is shown first. */
  index: number;
  onClose: () => void;
}

/** Pictures of a message over the whole screen; arrow keys and buttons go from one to the next. */
export function PictureViewer({ pictures, index, onClose }: PictureViewerProps) {
  const { t } = useTranslation(['files', 'common']);
  const [shown, setShown] = useState(index);
  const picture = pictures[shown];
  if (picture === undefined) return null;
  const step = (by: number) => setShown(Math.min(pictures.length - 1, Math.max(0, shown + by)));
  return (
    <Modal
      opened
      onClose={onClose}
      fullScreen
      title={picture.alt || picture.name}
      closeButtonProps={{ 'aria-label': t('common:close') }}
      onKeyDown={(event) => {
        if (event.key === 'ArrowLeft') step(-1);
        if (event.key === 'ArrowRight') step(1);
      }}
    >
      <div className={classes['viewer']}>
        <img src={picture.url} alt={picture.alt || picture.name} />
      </div>
      {pictures.length > 1 && (
        <div className={classes['viewerSteps']}>
          <button type="button" aria-label={t('files:previous')} disabled={shown === 0} onClick={() => step(-1)}>
            <IconChevronLeft size={22} aria-hidden />
          </button>
          <span aria-live="polite">{t('files:pictureOf', { current: shown + 1, total: pictures.length })}</span>
          <button
            type="button"
            aria-label={t('files:next')}
            disabled={shown === pictures.length - 1}
            onClick={() => step(1)}
          >
            <IconChevronRight size={22} aria-hidden />
          </button>
        </div>
      )}
    </Modal>
  );
}
