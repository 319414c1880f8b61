import { Menu } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChangeMemoryDate, MemoryDate } from '../../../contract/memory.ts';
import { api } from '../../state/api.ts';
import { showToast } from '../../state/toasts.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { IconCheck, IconDots, IconPencil, IconTrash, IconX } from '../../ui/icons.ts';
import { DateDialog } from './date-dialog.tsx';
import facts from './facts.module.css';
import { useMemoryChange } from './use-memory-change.ts';

type DateState = NonNullable<ChangeMemoryDate['state']>;

/** What can be done with a promise or a date. */
export function DateControls({ date, done }: { date: MemoryDate; done: boolean }) {
  const { t } = useTranslation(['memory', 'common']);
  const change = useMemoryChange();
  const [dialog, setDialog] = useState<'edit' | 'remove' | null>(null);
  const params = { id: date.id };
  const close = () => setDialog(null);
  return (
    <div className={facts['controls']}>
      <Menu position="bottom-end" width={210}>
        <Menu.Target>
          <button type="button" className={facts['iconButton']} aria-label={t('memory:fact.more', { text: date.text })}>
            <IconDots size={18} aria-hidden />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <StateItems date={date} done={done} />
          <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={() => setDialog('edit')}>
            {t('memory:dates.edit')}
          </Menu.Item>
          <Menu.Item leftSection={<IconTrash size={16} aria-hidden />} onClick={() => setDialog('remove')}>
            {t('common:remove')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {dialog === 'edit' && (
        <DateDialog
          title={t('memory:dates.edit')}
          initial={date}
          onClose={close}
          onSave={async (body) => (await change(api.call('changeMemoryDate', { params, body }))) !== undefined}
        />
      )}
      {dialog === 'remove' && (
        <ConfirmDialog
          title={t('memory:dates.removeTitle')}
          body={date.text}
          confirmLabel={t('common:remove')}
          onClose={close}
          onConfirm={async () => {
            await change(api.call('removeMemoryDate', { params }));
          }}
        />
      )}
    </div>
  );
}

function StateItems({ date, done }: { date: MemoryDate; done: boolean }) {
  const { t } = useTranslation('memory');
  const set = useSetState(date);
  if (done) {
    return (
      <Menu.Item leftSection={<IconCheck size={16} aria-hidden />} onClick={() => void set('open')}>
        {t('dates.reopen')}
      </Menu.Item>
    );
  }
  return (
    <>
      <Menu.Item leftSection={<IconCheck size={16} aria-hidden />} onClick={() => void set('kept')}>
        {t('dates.keep')}
      </Menu.Item>
      <Menu.Item leftSection={<IconX size={16} aria-hidden />} onClick={() => void set('dropped')}>
        {t('dates.drop')}
      </Menu.Item>
    </>
  );
}

function useSetState(date: MemoryDate): (state: DateState) => Promise<void> {
  const { t } = useTranslation(['memory', 'common']);
  const change = useMemoryChange();
  const save = (state: DateState) => api.call('changeMemoryDate', { params: { id: date.id }, body: { state } });
  return async (state) => {
    const before = date.state === 'due' ? 'open' : date.state;
    if ((await change(save(state))) === undefined) return;
    const action = { label: t('common:undo'), run: () => void change(save(before)) };
    showToast({ text: t(`memory:dates.toast.${state}`), action });
  };
}
