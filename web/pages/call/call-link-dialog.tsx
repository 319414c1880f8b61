import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Link } from '../../../contract/accounts.ts';
import type { Conversation } from '../../../contract/conversations.ts';
import { api } from '../../state/api.ts';
import { useGuard } from '../../state/use-guard.ts';
import { Sheet } from '../../ui/sheet.tsx';
import { Stack } from '../../ui/stack.tsx';
import { LinkDetails } from '../settings/device-panel.tsx';

/** Pairs a relative's device: its link opens a call with one large button, without an account. */
export function CallLinkDialog({ conversation, onClose }: { conversation: Conversation; onClose: () => void }) {
  const { t } = useTranslation('call');
  const guard = useGuard();
  const [link, setLink] = useState<Link | null>(null);
  const { name } = conversation.character;
  const make = async () => {
    const made = await guard(api.call('createCallLink', { params: { id: conversation.id } }));
    if (made !== undefined) setLink(made);
  };
  return (
    <Sheet title={t('link.title')} onClose={onClose}>
      <Stack>
        <p>{t('link.lead', { name })}</p>
        {link === null ? (
          <div>
            <Button onClick={() => void make()}>{t('link.make')}</Button>
          </div>
        ) : (
          <LinkDetails link={link} warning={link.url.startsWith('https:') ? null : t('link.insecure')} />
        )}
        <p>{t('link.privacy')}</p>
      </Stack>
    </Sheet>
  );
}
