import { Button, Checkbox, NativeSelect, Switch } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../../contract/conversations.ts';
import {
  toolConsentSchema,
  type ChooseTool,
  type ConversationTool,
  type ConversationTools,
} from '../../../../contract/tools.ts';
import { api } from '../../../state/api.ts';
import { useGuard } from '../../../state/use-guard.ts';
import { useMe } from '../../../state/use-me.ts';
import { ButtonRow } from '../../../ui/button-row.tsx';
import { Sheet } from '../../../ui/sheet.tsx';
import { Stack } from '../../../ui/stack.tsx';
import classes from '../../tools/tools.module.css';
import { conversationToolsQuery } from '../../tools/tools-queries.ts';
import { useClaims } from '../../tools/use-claims.ts';

type Choose = (choice: Pick<ChooseTool, 'serverId' | 'tool' | 'on' | 'consent'>) => Promise<void>;

/** Which tools a conversation's model may call, and which of them without asking. */
export function ConversationToolsDialog({
  conversation,
  onClose,
}: {
  conversation: Conversation;
  onClose: () => void;
}) {
  const { t } = useTranslation(['tools', 'common']);
  const guard = useGuard();
  const queryClient = useQueryClient();
  const query = conversationToolsQuery(conversation.id);
  const { data } = useQuery(query);
  const [everywhere, setEverywhere] = useState(false);
  const { name } = conversation.character;

  const choose: Choose = async (choice) => {
    // What runs without asking is chosen for this conversation; a tool may be on for the character.
    const place = choice.on !== undefined && everywhere ? 'character' : 'conversation';
    const call = api.call('chooseTool', { params: { id: conversation.id }, body: { ...choice, for: place } });
    const changed = await guard(call);
    if (changed) queryClient.setQueryData(query.queryKey, changed);
  };

  return (
    <Sheet title={t('tools:talk.title')} onClose={onClose}>
      <Stack>
        {data && !data.model.callsTools && <p role="note">{t('tools:talk.cannot', { model: data.model.label })}</p>}
        {data?.model.poorly && <p role="note">{t('tools:talk.poorly', { model: data.model.label })}</p>}
        {data?.servers.length === 0 && <NoServers />}
        {data !== undefined && data.servers.length > 0 && (
          <Checkbox
            label={t('tools:talk.character', { name })}
            checked={everywhere}
            onChange={(event) => setEverywhere(event.currentTarget.checked)}
          />
        )}
        {data?.servers.map((server) => (
          <ServerChoices key={server.id} server={server} onChoose={choose} />
        ))}
      </Stack>
      <ButtonRow>
        <Button onClick={onClose}>{t('common:done')}</Button>
      </ButtonRow>
    </Sheet>
  );
}

/** Nothing to choose from, and what the owner can do about it. */
function NoServers() {
  const { t } = useTranslation('tools');
  const me = useMe();
  return (
    <p>
      {t('talk.none')}{' '}
      {me.role === 'owner' && (
        <>
          {t('talk.noneOwner')}{' '}
          <Link to="/settings/$section" params={{ section: 'tools' }}>
            {t('talk.settings')}
          </Link>
        </>
      )}
    </p>
  );
}

function ServerChoices({ server, onChoose }: { server: ConversationTools['servers'][number]; onChoose: Choose }) {
  const { t } = useTranslation('tools');
  return (
    <section>
      <Switch
        label={t('talk.all', { server: server.name })}
        checked={server.tools.every(({ on }) => on)}
        onChange={(event) => void onChoose({ serverId: server.id, on: event.currentTarget.checked })}
      />
      {server.tools.map((tool) => (
        <ToolChoiceRow key={tool.name} tool={tool} serverId={server.id} onChoose={onChoose} />
      ))}
    </section>
  );
}

function ToolChoiceRow({
  tool: { name, title, description, claims, on, onBy, consent },
  serverId,
  onChoose,
}: {
  tool: ConversationTool;
  serverId: string;
  onChoose: Choose;
}) {
  const { t } = useTranslation('tools');
  const claimed = useClaims()(claims);
  const shown = title || name;
  return (
    <div className={classes['tool']}>
      <div className={classes['choice']}>
        <Switch
          label={shown}
          checked={on}
          onChange={(event) => void onChoose({ serverId, tool: name, on: event.currentTarget.checked })}
        />
        {on && (
          <NativeSelect
            aria-label={t('talk.consent', { tool: shown })}
            value={consent}
            data={toolConsentSchema.options.map((value) => ({ value, label: t(`talk.consents.${value}`) }))}
            onChange={(event) =>
              void onChoose({ serverId, tool: name, consent: toolConsentSchema.parse(event.currentTarget.value) })
            }
          />
        )}
      </div>
      {description !== '' && <p className={classes['description']}>{description}</p>}
      {claimed !== '' && <p className={classes['claims']}>{claimed}</p>}
      {onBy === 'character' && <p className={classes['claims']}>{t('talk.byCharacter')}</p>}
    </div>
  );
}
