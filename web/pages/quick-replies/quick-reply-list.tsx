import { Button, Switch } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../contract/conversations.ts';
import type { QuickReplySet } from '../../../contract/quick-replies.ts';
import { api } from '../../state/api.ts';
import { showToast } from '../../state/toasts.ts';
import { useGuard } from '../../state/use-guard.ts';
import { useMe, useUpdateMe } from '../../state/use-me.ts';
import { ButtonRow } from '../../ui/button-row.tsx';
import { Panel, PanelList, PanelRow } from '../../ui/panel.tsx';
import classes from './quick-replies.module.css';
import { quickRepliesQuery } from './quick-reply-query.ts';
import { QuickReplySheet } from './quick-reply-sheet.tsx';

interface QuickReplyListProps {
  /** The conversation it was opened from, for sets of its own. */
  here?: Conversation | undefined;
}

/** A person's sets of buttons: to make, read in, change, switch off and delete. */
export function QuickReplyList({ here }: QuickReplyListProps) {
  const { t } = useTranslation('compose');
  const { data: sets } = useQuery(quickRepliesQuery);
  const [edited, setEdited] = useState<QuickReplySet | 'new' | null>(null);
  return (
    <Panel lead={t('quick.lead')}>
      <AllSwitch />
      <ButtonRow>
        <ImportButton />
        <Button onClick={() => setEdited('new')}>{t('quick.add')}</Button>
      </ButtonRow>
      {sets?.length === 0 && <p>{t('quick.empty')}</p>}
      <PanelList>
        {sets?.map((set) => (
          <SetRow key={set.id} set={set} onEdit={() => setEdited(set)} />
        ))}
      </PanelList>
      {edited !== null && (
        <QuickReplySheet set={edited === 'new' ? null : edited} here={here} onClose={() => setEdited(null)} />
      )}
    </Panel>
  );
}

/** One switch over all sets, on every device. */
function AllSwitch() {
  const { t } = useTranslation('compose');
  const { preferences } = useMe();
  const guard = useGuard();
  const updateMe = useUpdateMe();
  return (
    <Switch
      label={t('quick.all')}
      description={t('quick.allHint')}
      checked={preferences.quickReplies}
      onChange={(event) => void guard(updateMe({ preferences: { quickReplies: event.currentTarget.checked } }))}
    />
  );
}

function SetRow({ set, onEdit }: { set: QuickReplySet; onEdit: () => void }) {
  const { t } = useTranslation(['compose', 'common']);
  const guard = useGuard();
  const queryClient = useQueryClient();
  const refresh = () => queryClient.invalidateQueries({ queryKey: quickRepliesQuery.queryKey });
  const { id, createdAt: _created, updatedAt: _updated, ...body } = set;

  async function change(on: boolean): Promise<void> {
    await guard(api.call('saveQuickReplySet', { params: { id }, body: { ...body, on } }));
    await refresh();
  }
  async function remove(): Promise<void> {
    if ((await guard(api.call('deleteQuickReplySet', { params: { id } }))) === undefined) return;
    await refresh();
    const run = () => void guard(api.call('createQuickReplySet', { body }).then(refresh));
    showToast({ text: t('compose:quick.deleted', { name: set.name }), action: { label: t('common:undo'), run } });
  }

  return (
    <PanelRow
      title={set.name}
      detail={t('compose:quick.detail', { count: set.replies.length, where: t(`compose:quick.scope.${set.scope}`) })}
    >
      <Switch
        aria-label={t('compose:quick.show', { name: set.name })}
        checked={set.on}
        onChange={(event) => void change(event.currentTarget.checked)}
      />
      <Button variant="subtle" onClick={onEdit} aria-label={t('compose:quick.editOf', { name: set.name })}>
        {t('compose:quick.edit')}
      </Button>
      <Button
        variant="subtle"
        onClick={() => void remove()}
        aria-label={t('compose:quick.removeOf', { name: set.name })}
      >
        {t('compose:quick.remove')}
      </Button>
    </PanelRow>
  );
}

function ImportButton() {
  const { t } = useTranslation('compose');
  const guard = useGuard();
  const queryClient = useQueryClient();

  async function take(file: File): Promise<void> {
    const made = await guard(api.call('importQuickReplies', { body: { file: await file.text() } }));
    if (made === undefined) return;
    await queryClient.invalidateQueries({ queryKey: quickRepliesQuery.queryKey });
    const { name, replies } = made.set;
    const skipped = made.skipped.map(({ label }) => label).join(', ');
    showToast({
      text:
        skipped === ''
          ? t('quick.imported', { name, count: replies.length })
          : t('quick.importedSome', { name, count: replies.length, skipped }),
    });
  }

  return (
    <Button component="label" variant="default">
      {t('quick.import')}
      <input
        type="file"
        accept=".json,application/json"
        className={classes['file']}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = '';
          if (file) void take(file);
        }}
      />
    </Button>
  );
}
