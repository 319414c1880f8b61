import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ToolServer } from '../../../contract/tools.ts';
import { Panel, PanelList } from '../../ui/panel.tsx';
import { ToolServerDialog } from './tool-server-dialog.tsx';
import { ToolServerRow } from './tool-server-row.tsx';
import { toolServersQuery } from './tools-queries.ts';

/** Servers of tools, for the owner. */
export function ToolsSection() {
  const { t } = useTranslation('tools');
  const { data: servers } = useQuery(toolServersQuery);
  const [dialog, setDialog] = useState<ToolServer | 'new' | null>(null);
  return (
    <Panel lead={t('servers.lead')}>
      {servers?.length === 0 && <p>{t('servers.empty')}</p>}
      <PanelList>
        {servers?.map((server) => (
          <ToolServerRow key={server.id} server={server} onEdit={() => setDialog(server)} />
        ))}
      </PanelList>
      <div>
        <Button onClick={() => setDialog('new')}>{t('servers.add')}</Button>
      </div>
      {dialog !== null && (
        <ToolServerDialog server={dialog === 'new' ? null : dialog} onClose={() => setDialog(null)} />
      )}
    </Panel>
  );
}
