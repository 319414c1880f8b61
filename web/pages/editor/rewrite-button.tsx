import { ActionIcon, Button, Popover, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DraftField } from '../../../contract/drafting.ts';
import { IconPlayerStop, IconSparkles } from '../../ui/icons.ts';
import { useForm } from './editor-form-context.ts';
import classes from './editor.module.css';

/** Asks the model to write one field, or to write it again with a wish; stops it while it does. */
export function RewriteButton({ draft, label }: { draft: DraftField; label: string }) {
  const { t } = useTranslation('editor');
  const { drafting } = useForm();
  const [opened, setOpened] = useState(false);
  const [wish, setWish] = useState('');
  if (drafting.running && drafting.field === draft) {
    return (
      <ActionIcon variant="subtle" size={36} aria-label={t('draft.stop')} onClick={drafting.stop}>
        <IconPlayerStop size={16} aria-hidden />
      </ActionIcon>
    );
  }
  const name = t('draft.rewrite', { field: label });
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" trapFocus returnFocus shadow="md" width={300}>
      <Popover.Target>
        <ActionIcon
          variant="subtle"
          size={36}
          aria-label={name}
          title={name}
          disabled={drafting.running}
          onClick={() => setOpened(!opened)}
        >
          <IconSparkles size={18} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label={name}>
        <form
          className={classes['wish']}
          onSubmit={(event) => {
            event.preventDefault();
            // The form around it is another one.
            event.stopPropagation();
            setOpened(false);
            void drafting.start([draft], wish);
          }}
        >
          <TextInput
            label={t('draft.wish')}
            placeholder={t('draft.wishHint')}
            value={wish}
            maxLength={1000}
            data-autofocus
            onChange={(event) => setWish(event.currentTarget.value)}
          />
          <Button type="submit" leftSection={<IconSparkles size={16} aria-hidden />}>
            {t('draft.write')}
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
