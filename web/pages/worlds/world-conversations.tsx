import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { World } from '../../../contract/worlds.ts';
import { IconPlus } from '../../ui/icons.ts';
import { Panel, PanelList, PanelRow } from '../../ui/panel.tsx';
import { BeginInWorldSheet } from './begin-in-world-sheet.tsx';
import { worldConversationsQuery } from './world-queries.ts';

/** The conversations that happen in a world. */
export function WorldConversations({ world }: { world: World }) {
  const { t } = useTranslation('worlds');
  const { data: conversations = [] } = useQuery(worldConversationsQuery(world.id));
  const [beginning, setBeginning] = useState(false);
  return (
    <Panel title={t('conversations')} lead={t('conversationsLead')}>
      <PanelList>
        {conversations.map(({ id, title, preview, scene }) => (
          <PanelRow
            key={id}
            title={
              <Link to="/c/$conversationId" params={{ conversationId: id }}>
                {title}
              </Link>
            }
            detail={[scene?.place?.name, preview].filter(Boolean).join(' · ')}
          />
        ))}
      </PanelList>
      <div>
        <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setBeginning(true)}>
          {t('begin')}
        </Button>
      </div>
      {beginning && <BeginInWorldSheet world={world} onClose={() => setBeginning(false)} />}
    </Panel>
  );
}
