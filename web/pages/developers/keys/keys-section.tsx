import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlatformKey, ShownKey } from '../../../../contract/platform-keys.ts';
import { IconPlus } from '../../../ui/icons.ts';
import { Panel, PanelList } from '../../../ui/panel.tsx';
import { platformKeysQuery } from '../developer-queries.ts';
import classes from '../developers.module.css';
import { KeyRow } from './key-row.tsx';
import { KeySheet } from './key-sheet.tsx';
import { ShownKeyDialog } from './shown-key-dialog.tsx';
import { isOver } from './key-state.ts';

/** Keys of one's own and of one's teams. */
export function KeysSection() {
  const { t } = useTranslation('developers');
  const { data: keys } = useQuery(platformKeysQuery);
  const [editing, setEditing] = useState<PlatformKey | 'new' | null>(null);
  const [shown, setShown] = useState<ShownKey | null>(null);
  const live = keys?.filter((key) => !isOver(key));
  const over = keys?.filter(isOver);
  return (
    <>
      <Panel>
        <div className={classes['bar']}>
          <p className={`${classes['grow']} ${classes['soft']}`}>{t('keys.hint')}</p>
          <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setEditing('new')}>
            {t('keys.create')}
          </Button>
        </div>
        {live?.length === 0 && <p className={classes['empty']}>{t('keys.empty')}</p>}
        <PanelList>
          {live?.map((key) => (
            <KeyRow key={key.id} entry={key} onEdit={() => setEditing(key)} onShown={setShown} />
          ))}
        </PanelList>
      </Panel>
      {over !== undefined && over.length > 0 && (
        <Panel title={t('keys.over')}>
          <PanelList>
            {over.map((key) => (
              <KeyRow key={key.id} entry={key} onEdit={() => setEditing(key)} onShown={setShown} />
            ))}
          </PanelList>
        </Panel>
      )}
      {editing !== null && (
        <KeySheet
          entry={editing === 'new' ? null : editing}
          onClose={() => setEditing(null)}
          onShown={(made) => {
            setEditing(null);
            setShown(made);
          }}
        />
      )}
      {shown !== null && <ShownKeyDialog shown={shown} onClose={() => setShown(null)} />}
    </>
  );
}
