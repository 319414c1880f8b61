import { Button, Modal, SegmentedControl } from '@mantine/core';
import { useEffect, useId, useState } from 'react';
import Cropper from 'react-easy-crop';
import type { Area, Point } from 'react-easy-crop';
import { useTranslation } from 'react-i18next';
import { ButtonRow } from '../../ui/button-row.tsx';
import { drawPicture } from './draw-picture.ts';
import classes from './crop-dialog.module.css';

export type CropShape = 'portrait' | 'square' | 'wide' | 'whole';

const ASPECTS: Record<Exclude<CropShape, 'whole'>, number> = { portrait: 2 / 3, square: 1, wide: 16 / 9 };
const MAX_ZOOM = 5;

export interface CropDialogProps {
  file: File;
  /** The first is offered first. */
  shapes: readonly [CropShape, ...CropShape[]];
  /** A data address within the contract's limit. */
  onDone: (url: string) => void;
  onFault: (text: string) => void;
  onClose: () => void;
}

/** Cuts a picture to a shape: by dragging and pinching, or with the arrow keys and the slider. */
export function CropDialog({ file, shapes, onDone, onFault, onClose }: CropDialogProps) {
  const { t } = useTranslation(['editor', 'common']);
  const [shape, setShape] = useState<CropShape>(shapes[0]);
  const [url, setUrl] = useState<string | null>(null);
  const [area, setArea] = useState<Area | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    const made = URL.createObjectURL(file);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);

  async function finish(): Promise<void> {
    setBusy(true);
    try {
      const bitmap = await createImageBitmap(file);
      onDone(drawPicture(bitmap, shape === 'whole' ? null : area));
      bitmap.close();
    } catch {
      onFault(t('editor:picture.broken'));
    }
  }

  return (
    <Modal
      opened
      onClose={onClose}
      title={t('editor:crop.title')}
      closeButtonProps={{ 'aria-label': t('common:close') }}
      size="lg"
      centered
    >
      <SegmentedControl
        fullWidth
        aria-label={t('editor:crop.shape')}
        value={shape}
        data={shapes.map((one) => ({ value: one, label: t(`editor:crop.${one}`) }))}
        onChange={(value) => setShape(shapes.find((one) => one === value) ?? shapes[0])}
      />
      {url !== null && (
        <Stage url={url} shape={shape} onArea={setArea} onFault={() => onFault(t('editor:picture.broken'))} />
      )}
      <ButtonRow>
        <Button variant="default" onClick={onClose}>
          {t('common:cancel')}
        </Button>
        <Button loading={busy} disabled={shape !== 'whole' && area === null} onClick={() => void finish()}>
          {t('editor:crop.use')}
        </Button>
      </ButtonRow>
    </Modal>
  );
}

interface StageProps extends Omit<FrameProps, 'aspect'> {
  shape: CropShape;
}

function Stage({ shape, ...frame }: StageProps) {
  if (shape !== 'whole') return <Frame {...frame} aspect={ASPECTS[shape]} />;
  return (
    <div className={classes['stage']}>
      <img className={classes['whole']} src={frame.url} alt="" onError={frame.onFault} />
    </div>
  );
}

interface FrameProps {
  url: string;
  aspect: number;
  onArea: (area: Area) => void;
  onFault: () => void;
}

function Frame({ url, aspect, onArea, onFault }: FrameProps) {
  const { t } = useTranslation('editor');
  const id = useId();
  const [crop, setCrop] = useState<Point>({ x: 0, y: 0 });
  const [zoom, setZoom] = useState(1);
  return (
    <>
      <div className={classes['stage']}>
        <Cropper
          image={url}
          crop={crop}
          zoom={zoom}
          maxZoom={MAX_ZOOM}
          aspect={aspect}
          onCropChange={setCrop}
          onZoomChange={setZoom}
          onCropComplete={(_share, pixels) => onArea(pixels)}
          mediaProps={{ onError: onFault, alt: '' }}
          cropperProps={{ role: 'group', 'aria-label': t('crop.frame') }}
        />
      </div>
      <p className={classes['hint']}>{t('crop.hint')}</p>
      <div className={classes['zoom']}>
        <label htmlFor={id}>{t('crop.zoom')}</label>
        <input
          id={id}
          type="range"
          min={1}
          max={MAX_ZOOM}
          step={0.05}
          value={zoom}
          onChange={(event) => setZoom(Number(event.currentTarget.value))}
        />
      </div>
    </>
  );
}
