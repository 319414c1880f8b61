import { Button, NativeSelect, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { factAboutSchema, type FactAbout } from '../../../contract/memory.ts';
import { api } from '../../state/api.ts';
import { showToast } from '../../state/toasts.ts';
import { ButtonRow } from '../../ui/button-row.tsx';
import { IconPlus } from '../../ui/icons.ts';
import { Sheet } from '../../ui/sheet.tsx';
import { Stack } from '../../ui/stack.tsx';
import { FACT_LENGTH } from './fact-editor.tsx';
import { useMemoryChange } from './use-memory-change.ts';

/** Tells a character something outside of any conversation. */
export function AddFact({ characterId, name }: { characterId: string; name: string }) {
  const { t } = useTranslation('memory');
  const [open, setOpen] = useState(false);
  return (
    <div>
      <Button variant="default" leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setOpen(true)}>
        {t('add.button', { name })}
      </Button>
      {open && <AddFactDialog characterId={characterId} name={name} onClose={() => setOpen(false)} />}
    </div>
  );
}

interface DialogProps {
  characterId: string;
  name: string;
  onClose: () => void;
}

function AddFactDialog({ characterId, name, onClose }: DialogProps) {
  const { t } = useTranslation(['memory', 'common']);
  const change = useMemoryChange();
  const [text, setText] = useState('');
  const [about, setAbout] = useState<FactAbout>('user');
  const [busy, setBusy] = useState(false);

  async function save(): Promise<void> {
    setBusy(true);
    const body = { about, text: text.trim() };
    const saved = await change(api.call('addMemoryFact', { params: { id: characterId }, body }));
    setBusy(false);
    if (saved === undefined) return;
    showToast({
      text: t('memory:add.done', { name }),
      action: {
        label: t('common:undo'),
        run: () => void change(api.call('forgetMemoryFact', { params: { id: saved.id }, query: { scope: 'fact' } })),
      },
    });
    onClose();
  }

  return (
    <Sheet title={t('memory:add.button', { name })} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim() !== '') void save();
        }}
      >
        <Stack>
          <Textarea
            data-autofocus
            label={t('memory:add.text')}
            description={t('memory:add.textHint', { name })}
            rows={3}
            maxLength={FACT_LENGTH}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <NativeSelect
            label={t('memory:add.about')}
            value={about}
            data={factAboutSchema.options.map((value) => ({ value, label: t(`memory:about.${value}`, { name }) }))}
            onChange={(event) => setAbout(factAboutSchema.parse(event.currentTarget.value))}
          />
        </Stack>
        <ButtonRow>
          <Button variant="default" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" loading={busy} disabled={text.trim() === ''}>
            {t('common:save')}
          </Button>
        </ButtonRow>
      </form>
    </Sheet>
  );
}
