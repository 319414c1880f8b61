import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { readAsDataUrl } from '../../state/read-file.ts';
import { Scene } from '../../ui/scene.tsx';
import { PictureFileButton } from '../editor/picture-file-button.tsx';
import classes from './persona-picture.module.css';

/** The contract's limit for a picture, in bytes. */
const PICTURE_LIMIT = 2 * 1024 * 1024;

export interface PersonaPictureProps {
  /** A newly chosen picture as a data address. */
  picture: string | null;
  keptUrl: string | null;
  seed: string;
  onChange: (picture: string | null) => void;
}

export function PersonaPicture({ picture, keptUrl, seed, onChange }: PersonaPictureProps) {
  const { t } = useTranslation('personas');
  const [problem, setProblem] = useState<string | null>(null);
  const shown = picture ?? keptUrl;

  async function take(file: File): Promise<void> {
    if (file.size > PICTURE_LIMIT) return setProblem(t('form.pictureTooLarge'));
    onChange(await readAsDataUrl(file));
  }

  return (
    <div className={classes['picture']}>
      <div className={classes['preview']}>
        <Scene pictureUrl={shown} alt="" seed={seed} />
      </div>
      <div>
        <div className={classes['pictureButtons']}>
          <PictureFileButton onFile={(file) => void take(file)} onFault={setProblem}>
            {shown === null ? t('form.choosePicture') : t('form.changePicture')}
          </PictureFileButton>
          {picture !== null && (
            <Button variant="subtle" onClick={() => onChange(null)}>
              {t('form.removePicture')}
            </Button>
          )}
        </div>
        <p className={classes['hint']}>{t('form.pictureHint')}</p>
        {problem !== null && (
          <p className={classes['problem']} role="alert">
            {problem}
          </p>
        )}
      </div>
    </div>
  );
}
