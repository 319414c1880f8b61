import { ActionIcon, NativeSelect, TextInput } from '@mantine/core';
import { Suspense, lazy, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CardPicture, CharacterVersion } from '../../../contract/character-fields.ts';
import { api } from '../../state/api.ts';
import { currentLocale } from '../../state/i18n.ts';
import { useGuard } from '../../state/use-guard.ts';
import { IconPencil, IconPlus, IconTrash } from '../../ui/icons.ts';
import { PictureFileButton } from './picture-file-button.tsx';
import classes from './picture-gallery.module.css';

const CropDialog = lazy(async () => ({ default: (await import('./crop-dialog.tsx')).CropDialog }));

type PictureType = CardPicture['type'];
const TYPES = ['emotion', 'background', 'icon'] as const satisfies readonly PictureType[];
/** The feelings most programs know by these names (V3 specification, "emotion"; SillyTavern's expression names). */
const EMOTIONS = [
  'neutral',
  'joy',
  'sadness',
  'anger',
  'surprise',
  'fear',
  'love',
  'embarrassment',
  'amusement',
] as const;

export interface PictureGalleryProps {
  /** Null for a character that is not saved: pictures belong to a version. */
  base: CharacterVersion | null;
  onBase: ((base: CharacterVersion) => void) | undefined;
}

/** Expressions, backgrounds and further portraits. Each change makes a version. */
export function PictureGallery({ base, onBase }: PictureGalleryProps) {
  const { t } = useTranslation('editor');
  const guard = useGuard();
  if (base === null || onBase === undefined) return <p className={classes['hint']}>{t('gallery.later')}</p>;
  const { versionId, pictures } = base;
  const id = base.characterId;
  const query = { locale: currentLocale() };
  const apply = async (work: Promise<CharacterVersion>) => {
    const next = await guard(work);
    if (next !== undefined) onBase(next);
  };
  const rename = (position: string, name: string) =>
    apply(api.call('renamePicture', { params: { id, position }, query, body: { name, expectedVersionId: versionId } }));
  const remove = (position: string) =>
    apply(api.call('removePicture', { params: { id, position }, query: { ...query, expectedVersionId: versionId } }));
  const add = (picture: NewPicture) =>
    apply(api.call('addPicture', { params: { id }, query, body: { ...picture, expectedVersionId: versionId } }));
  return (
    <div className={classes['gallery']}>
      <p className={classes['hint']}>{t('gallery.hint')}</p>
      {pictures.length > 0 && (
        <ul className={classes['pictures']}>
          {pictures.map((picture) => (
            <GalleryPicture
              key={`${picture.position}-${picture.name}`}
              picture={picture}
              onRename={(name) => rename(String(picture.position), name)}
              onRemove={() => remove(String(picture.position))}
            />
          ))}
        </ul>
      )}
      <AddPicture pictures={pictures} onAdd={add} />
    </div>
  );
}

interface NewPicture {
  type: PictureType;
  name: string;
  data: string;
}

/** A name that is free: the next feeling without a face, or a number. */
function freeName(type: PictureType, pictures: readonly CardPicture[]): string {
  const taken = new Set(pictures.filter((one) => one.type === type).map(({ name }) => name));
  const usual = type === 'emotion' ? EMOTIONS : type === 'background' ? ['main'] : [];
  const free = usual.find((name) => !taken.has(name));
  if (free !== undefined) return free;
  for (let number = 2; ; number += 1) if (!taken.has(`${type}-${number}`)) return `${type}-${number}`;
}

function AddPicture({
  pictures,
  onAdd,
}: {
  pictures: readonly CardPicture[];
  onAdd: (picture: NewPicture) => Promise<void>;
}) {
  const { t } = useTranslation('editor');
  const list = useId();
  const [type, setType] = useState<PictureType>('emotion');
  const [name, setName] = useState('');
  const [file, setFile] = useState<File | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const usual = freeName(type, pictures);
  return (
    <div className={classes['add']}>
      <NativeSelect
        label={t('gallery.type')}
        value={type}
        data={TYPES.map((one) => ({ value: one, label: t(`gallery.types.${one}`) }))}
        onChange={(event) => setType(TYPES.find((one) => one === event.currentTarget.value) ?? 'emotion')}
      />
      <TextInput
        label={t('gallery.name')}
        placeholder={usual}
        value={name}
        maxLength={100}
        list={list}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      {type === 'emotion' && <EmotionNames id={list} />}
      <PictureFileButton leftSection={<IconPlus size={16} aria-hidden />} onFile={setFile} onFault={setFault}>
        {t('gallery.add')}
      </PictureFileButton>
      {fault !== null && <p role="alert">{fault}</p>}
      {file !== null && (
        <Suspense>
          <CropDialog
            file={file}
            shapes={type === 'background' ? ['wide', 'portrait', 'whole'] : ['portrait', 'square', 'whole']}
            onClose={() => setFile(null)}
            onFault={(text) => {
              setFile(null);
              setFault(text);
            }}
            onDone={(data) => {
              setFile(null);
              setName('');
              void onAdd({ type, name: name.trim() || usual, data });
            }}
          />
        </Suspense>
      )}
    </div>
  );
}

function EmotionNames({ id }: { id: string }) {
  const { t } = useTranslation('editor');
  return (
    <datalist id={id}>
      {EMOTIONS.map((emotion) => (
        <option key={emotion} value={emotion}>
          {t(`emotion.${emotion}`)}
        </option>
      ))}
    </datalist>
  );
}

interface GalleryPictureProps {
  picture: CardPicture;
  onRename: (name: string) => Promise<void>;
  onRemove: () => Promise<void>;
}

function GalleryPicture({ picture, onRename, onRemove }: GalleryPictureProps) {
  const { t } = useTranslation(['editor', 'common']);
  const [name, setName] = useState<string | null>(null);
  const emotion = picture.type === 'emotion' ? EMOTIONS.find((one) => one === picture.name) : undefined;
  const shown = emotion === undefined ? picture.name : t(`editor:emotion.${emotion}`);
  const label = t('editor:gallery.picture', { type: t(`editor:gallery.types.${picture.type}`), name: shown });
  return (
    <li className={classes['picture']}>
      <div className={classes['frame']} data-type={picture.type}>
        <img src={picture.url} alt={label} loading="lazy" />
      </div>
      <span className={classes['kind']}>{t(`editor:gallery.types.${picture.type}`)}</span>
      {name === null ? (
        <b>{shown}</b>
      ) : (
        <TextInput
          aria-label={t('editor:gallery.rename', { name: picture.name })}
          value={name}
          maxLength={100}
          ref={(box) => box?.focus()}
          size="xs"
          onChange={(event) => setName(event.currentTarget.value)}
          onBlur={() => setName(null)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') setName(null);
            if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
            event.preventDefault();
            setName(null);
            if (name.trim() !== '' && name !== picture.name) void onRename(name.trim());
          }}
        />
      )}
      <span className={classes['buttons']}>
        <ActionIcon
          variant="subtle"
          size={36}
          aria-label={t('editor:gallery.rename', { name: picture.name })}
          onClick={() => setName(picture.name)}
        >
          <IconPencil size={16} aria-hidden />
        </ActionIcon>
        <ActionIcon
          variant="subtle"
          size={36}
          aria-label={t('editor:gallery.remove', { name: picture.name })}
          onClick={() => void onRemove()}
        >
          <IconTrash size={16} aria-hidden />
        </ActionIcon>
      </span>
    </li>
  );
}
