import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BulkAction, LibraryCharacter } from '../../../contract/library.ts';
import { ButtonRow } from '../../ui/button-row.tsx';
import { IconX } from '../../ui/icons.ts';
import { Sheet } from '../../ui/sheet.tsx';
import classes from './library-page.module.css';
import { splitTags } from '../../ui/split-tags.ts';

export interface TagDialogProps {
  known: readonly LibraryCharacter[];
  onRun: (action: BulkAction) => Promise<void>;
  onClose: () => void;
}

/** Gives the chosen characters tags of one's own, or takes some away. */
export function TagDialog({ known, onRun, onClose }: TagDialogProps) {
  const { t } = useTranslation(['library', 'common']);
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const own = [...new Set(known.flatMap(({ ownTags }) => ownTags))];
  const tags = splitTags(text);

  async function run(action: BulkAction): Promise<void> {
    setBusy(true);
    await onRun(action);
    onClose();
  }

  return (
    <Sheet title={t('library:tagAll')} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (tags.length > 0) void run({ type: 'add-tags', tags });
        }}
      >
        <TextInput
          label={t('library:newTags')}
          description={t('library:newTagsHint')}
          value={text}
          size="md"
          data-autofocus
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {own.length > 0 && (
          <div className={classes['ownTags']} role="group" aria-label={t('library:ownTags')}>
            {own.map((tag) => (
              <button
                key={tag}
                type="button"
                className={classes['chip']}
                data-on
                disabled={busy}
                aria-label={t('library:removeTag', { tag })}
                onClick={() => void run({ type: 'remove-tags', tags: [tag] })}
              >
                {tag}
                <IconX size={14} aria-hidden />
              </button>
            ))}
          </div>
        )}
        <ButtonRow>
          <Button variant="default" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" loading={busy} disabled={tags.length === 0}>
            {t('library:addTags')}
          </Button>
        </ButtonRow>
      </form>
    </Sheet>
  );
}
