import { Button, CloseButton, Switch } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LoreLink, LorebookSummary, LoreTarget } from '../../../contract/lore.ts';
import { api } from '../../state/api.ts';
import { currentLocale } from '../../state/i18n.ts';
import { bookLinksKey } from '../../state/queries.ts';
import { showToast } from '../../state/toasts.ts';
import { useGuard } from '../../state/use-guard.ts';
import { useMe } from '../../state/use-me.ts';
import { IconPlus } from '../../ui/icons.ts';
import { Panel } from '../../ui/panel.tsx';
import { AttachDialog } from './attach-dialog.tsx';
import classes from './book-links.module.css';

/** Where a book counts: everywhere, or with some characters, conversations and personas. */
export function BookLinks({ book }: { book: Pick<LorebookSummary, 'id' | 'targets'> }) {
  const { t } = useTranslation('books');
  const me = useMe();
  const { attach, detach } = useBookLinks(book.id);
  const [picking, setPicking] = useState(false);
  const everywhere = book.targets.find(({ kind }) => kind === 'user');
  const others = book.targets.filter(({ kind }) => kind !== 'user');
  return (
    <Panel title={t('links.title')} lead={t('links.lead')}>
      <Switch
        label={t('links.everywhere')}
        description={t('links.everywhereAbout')}
        checked={everywhere !== undefined}
        onChange={(event) => {
          const target: LoreLink = { kind: 'user', id: me.id, name: '' };
          void (event.currentTarget.checked ? attach(target) : detach(target));
        }}
      />
      <ul className={classes['links']}>
        {others.map((target) => (
          <li key={`${target.kind} ${target.id}`}>
            <span className={classes['kind']}>{t(`links.${kindOf(target)}`)}</span>
            <span className={classes['name']}>{target.name}</span>
            <CloseButton
              size={36}
              aria-label={t('links.detach', { name: target.name })}
              onClick={() => void detach(target)}
            />
          </li>
        ))}
      </ul>
      <div>
        <Button variant="default" leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setPicking(true)}>
          {t('links.attach')}
        </Button>
      </div>
      {picking && (
        <AttachDialog
          title={t('links.pickTitle')}
          taken={book.targets}
          onPick={(target) => {
            setPicking(false);
            void attach(target);
          }}
          onClose={() => setPicking(false)}
        />
      )}
    </Panel>
  );
}

function kindOf({ kind }: LoreTarget): 'character' | 'conversation' | 'persona' | 'world' | 'everywhere' {
  return kind === 'user' ? 'everywhere' : kind;
}

/** Attaches a book and takes it off, with the lists that show it kept true. */
export function useBookLinks(bookId: string) {
  const { t } = useTranslation(['books', 'common']);
  const guard = useGuard();
  const queryClient = useQueryClient();
  const query = { locale: currentLocale() };
  const refresh = async ({ id, targets }: LorebookSummary) => {
    queryClient.setQueryData(bookLinksKey(id), targets);
    await queryClient.invalidateQueries({ queryKey: ['books'] });
  };

  async function attach({ kind, id }: LoreTarget): Promise<void> {
    const body = { target: { kind, id } };
    const changed = await guard(api.call('linkLorebook', { params: { id: bookId }, body, query }));
    if (changed) await refresh(changed);
  }
  async function detach({ kind, id: targetId, name }: LoreLink): Promise<void> {
    const changed = await guard(api.call('unlinkLorebook', { params: { id: bookId, kind, targetId }, query }));
    if (!changed) return;
    await refresh(changed);
    showToast({
      text: t('books:links.detached', { name: kind === 'user' ? t('books:links.everywhere') : name }),
      action: { label: t('common:undo'), run: () => void attach({ kind, id: targetId }) },
    });
  }
  return { attach, detach };
}
