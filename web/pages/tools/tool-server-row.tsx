import { Button, Switch } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ServerTool, ToolServer } from '../../../contract/tools.ts';
import { api } from '../../state/api.ts';
import { useGuard } from '../../state/use-guard.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { PanelRow } from '../../ui/panel.tsx';
import classes from './tools.module.css';
import { toolServersQuery } from './tools-queries.ts';
import { useClaims } from './use-claims.ts';

export function ToolServerRow({ server, onEdit }: { server: ToolServer; onEdit: () => void }) {
  const { t } = useTranslation(['tools', 'common']);
  const guard = useGuard();
  const queryClient = useQueryClient();
  const [leaving, setLeaving] = useState(false);
  const [busy, setBusy] = useState(false);
  const { id, name } = server;
  const reload = () => queryClient.invalidateQueries({ queryKey: toolServersQuery.queryKey });

  async function refresh(): Promise<void> {
    setBusy(true);
    await guard(api.call('refreshToolServer', { params: { id } }));
    await reload();
    setBusy(false);
  }

  return (
    <PanelRow title={name} detail={<ServerFacts server={server} />}>
      <Button
        variant="default"
        loading={busy}
        aria-label={t('tools:servers.testOf', { name })}
        onClick={() => void refresh()}
      >
        {t('tools:servers.test')}
      </Button>
      <Button variant="default" aria-label={t('tools:servers.edit', { name })} onClick={onEdit}>
        {t('tools:servers.editShort')}
      </Button>
      <Button variant="subtle" aria-label={t('tools:servers.delete', { name })} onClick={() => setLeaving(true)}>
        {t('common:remove')}
      </Button>
      {leaving && (
        <ConfirmDialog
          title={t('tools:servers.deleteTitle', { name })}
          body={t('tools:servers.deleteBody')}
          confirmLabel={t('tools:servers.delete', { name })}
          onConfirm={async () => {
            await guard(api.call('deleteToolServer', { params: { id } }));
            await reload();
          }}
          onClose={() => setLeaving(false)}
        />
      )}
    </PanelRow>
  );
}

/** How it is reached, how it stands, and what it offers. */
function ServerFacts({ server }: { server: ToolServer }) {
  const { t } = useTranslation('tools');
  const { transport, command, args, url, enabled, shared, state, problem, tools, toolCount, refused } = server;
  const facts = [
    enabled ? t(`servers.state.${state}`) : t('servers.off'),
    t('servers.count', { count: tools.length }),
    shared ? t('servers.sharedWith') : '',
  ];
  return (
    <div className={classes['facts']}>
      <span className={classes['address']}>{transport === 'stdio' ? [command, ...args].join(' ') : url}</span>
      <span>{facts.filter((fact) => fact !== '').join(' · ')}</span>
      {problem !== '' && (
        <p className={classes['problem']} role="status">
          {problem}
        </p>
      )}
      {refused.slice(-3).map(({ text }, index) => (
        // What was asked may be asked twice; the place tells them apart.
        <p key={`${index}-${text}`} className={classes['problem']}>
          {t('servers.refused', { text })}
        </p>
      ))}
      {toolCount > tools.length && <p>{t('servers.cut', { total: toolCount, kept: tools.length })}</p>}
      {tools.length > 0 && (
        <details className={classes['list']}>
          <summary>{t('servers.show', { name: server.name })}</summary>
          <ul>
            {tools.map((tool, index) => (
              <ToolLine key={`${tool.name}-${index}`} server={server} tool={tool} />
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

function ToolLine({ server, tool }: { server: ToolServer; tool: ServerTool }) {
  const { t } = useTranslation('tools');
  const guard = useGuard();
  const claimsOf = useClaims();
  const queryClient = useQueryClient();
  const { name, title, description, problem, enabled, inputSchema } = tool;
  const claims = claimsOf(tool.claims);

  async function setEnabled(on: boolean): Promise<void> {
    await guard(api.call('enableTool', { params: { id: server.id }, body: { tool: name, enabled: on } }));
    await queryClient.invalidateQueries({ queryKey: toolServersQuery.queryKey });
  }

  return (
    <li className={classes['tool']}>
      <div className={classes['toolHead']}>
        <strong>{title || name}</strong>
        {problem === null && (
          <Switch
            checked={enabled}
            aria-label={t('tool.use', { name: title || name })}
            onChange={(event) => void setEnabled(event.currentTarget.checked)}
          />
        )}
      </div>
      {description !== '' && <p className={classes['description']}>{description}</p>}
      {claims !== '' && <p className={classes['claims']}>{claims}</p>}
      {problem === null ? (
        <details>
          <summary>{t('tool.schema')}</summary>
          <pre className={classes['json']}>{pretty(inputSchema)}</pre>
        </details>
      ) : (
        <p className={classes['problem']}>{t(`tool.problem.${problem}`)}</p>
      )}
    </li>
  );
}

function pretty(json: string): string {
  return JSON.stringify(JSON.parse(json), null, 2);
}
