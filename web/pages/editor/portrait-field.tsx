import { Button } from '@mantine/core';
import { Suspense, lazy, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Scene } from '../../ui/scene.tsx';
import { useForm } from './editor-form-context.ts';
import { PictureFileButton } from './picture-file-button.tsx';
import classes from './editor.module.css';

const CropDialog = lazy(async () => ({ default: (await import('./crop-dialog.tsx')).CropDialog }));

/** The character's picture: chosen, then cut to what the pages show. */
export function PortraitField({ keptUrl, seed }: { keptUrl: string | null; seed: string }) {
  const { t } = useTranslation('editor');
  const { editor, problem } = useForm();
  const [file, setFile] = useState<File | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const { picture } = editor.values;
  const shown = picture ?? keptUrl;
  const complaint = fault ?? problem.of('picture');

  return (
    <div className={classes['picture']}>
      <div className={classes['portrait']}>
        <Scene pictureUrl={shown} alt={editor.values.pictureAlt} seed={seed} />
      </div>
      <div>
        <div className={classes['draftRow']}>
          <PictureFileButton onFile={setFile} onFault={setFault}>
            {shown === null ? t('picture.choose') : t('picture.change')}
          </PictureFileButton>
          {picture !== null && (
            <Button variant="subtle" onClick={() => editor.set('picture', null)}>
              {t('picture.remove')}
            </Button>
          )}
        </div>
        <p className={classes['hint']}>{t('picture.hint')}</p>
        {complaint !== null && (
          <p className={classes['problem']} role="alert">
            {complaint}
          </p>
        )}
      </div>
      {file !== null && (
        <Suspense>
          <CropDialog
            file={file}
            shapes={['portrait', 'square', 'whole']}
            onClose={() => setFile(null)}
            onFault={(text) => {
              setFile(null);
              setFault(text);
            }}
            onDone={(url) => {
              setFile(null);
              editor.set('picture', url);
            }}
          />
        </Suspense>
      )}
    </div>
  );
}
