import { Button } from '@mantine/core';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { readAsDataUrl } from '../../state/read-file.ts';
import { Scene } from '../../ui/scene.tsx';
import classes from './picture-field.module.css';

/** The contract's limit for a picture, in bytes. */
const PICTURE_LIMIT = 2 * 1024 * 1024;
const TYPES = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'];

export interface PictureFieldProps {
  /** A newly chosen picture as a data address. */
  picture: string | null;
  keptUrl: string | null;
  seed: string;
  onChange: (picture: string | null) => void;
}

export function PictureField({ picture, keptUrl, seed, onChange }: PictureFieldProps) {
  const { t } = useTranslation('characters');
  const input = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const shown = picture ?? keptUrl;

  async function take(file: File): Promise<void> {
    if (!TYPES.includes(file.type)) return setProblem(t('form.pictureType'));
    if (file.size > PICTURE_LIMIT) return setProblem(t('form.pictureTooLarge'));
    setProblem(null);
    onChange(await readAsDataUrl(file));
  }

  return (
    <div className={classes['picture']}>
      <div className={classes['preview']}>
        <Scene pictureUrl={shown} alt="" seed={seed} />
      </div>
      <div>
        <input
          ref={input}
          type="file"
          hidden
          accept={TYPES.join(',')}
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            event.currentTarget.value = '';
            if (file !== undefined) void take(file);
          }}
        />
        <div className={classes['pictureButtons']}>
          <Button variant="default" onClick={() => input.current?.click()}>
            {shown === null ? t('form.choosePicture') : t('form.changePicture')}
          </Button>
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
