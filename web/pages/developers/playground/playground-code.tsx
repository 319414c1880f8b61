import { Modal, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Stack } from '../../../ui/stack.tsx';
import { CodePanel } from '../code-panel.tsx';
import { CODE_LANGUAGES, CODE_NAMES } from '../code/v1-example.ts';
import type { CodeLanguage } from '../code/v1-example.ts';
import { writeCode } from '../code/write-code.ts';
import classes from '../developers.module.css';
import { buildRequest } from './build-request.ts';
import type { PlaygroundSettings } from './playground-types.ts';
import type { Column } from './use-columns.ts';

export interface PlaygroundCodeProps {
  settings: PlaygroundSettings;
  columns: readonly Column[];
  onClose: () => void;
}

/** The same request as a program. */
export function PlaygroundCode({ settings, columns, onClose }: PlaygroundCodeProps) {
  const { t } = useTranslation(['developers', 'common']);
  const [language, setLanguage] = useState<CodeLanguage>('curl');
  const { model, turns } = columns[0] ?? { model: '', turns: [] };
  const body = { ...buildRequest(settings, turns, model), stream: true };
  const target = { baseUrl: `${location.origin}/v1`, key: 'YOUR_KEY' };
  return (
    <Modal
      opened
      size="xl"
      onClose={onClose}
      title={t('developers:playground.code')}
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      <Stack>
        <div className={classes['scroller']}>
          <SegmentedControl
            aria-label={t('developers:start.language')}
            value={language}
            data={CODE_LANGUAGES.map((value) => ({ value, label: CODE_NAMES[value] }))}
            onChange={(value) => setLanguage(value)}
          />
        </div>
        <CodePanel
          name={CODE_NAMES[language]}
          code={writeCode(language, { path: '/chat/completions', body }, target)}
        />
      </Stack>
    </Modal>
  );
}
