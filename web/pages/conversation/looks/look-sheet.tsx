import { Button, SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../../contract/conversations.ts';
import { themeSchema, type ChooseLook, type LookScope } from '../../../../contract/looks.ts';
import { setQuiet } from '../../../state/quiet.ts';
import { useGuard } from '../../../state/use-guard.ts';
import { useMe, useUpdateMe } from '../../../state/use-me.ts';
import { ButtonRow } from '../../../ui/button-row.tsx';
import { ChoiceCards } from '../../../ui/choice-cards.tsx';
import { Sheet } from '../../../ui/sheet.tsx';
import { Stack } from '../../../ui/stack.tsx';
import { drawPicture } from '../../editor/draw-picture.ts';
import { PictureFileButton } from '../../editor/picture-file-button.tsx';
import { ReadingPanel } from '../../settings/reading-panel.tsx';
import { looksQuery, useChooseLook } from './use-look.ts';

/** How a conversation looks: here, with this character, or everywhere; and how its words are set. */
export function LookSheet({ conversation, onClose }: { conversation: Conversation; onClose: () => void }) {
  const { t } = useTranslation('looks');
  const [scope, setScope] = useState<LookScope | 'everywhere'>('conversation');
  const begin = (quiet: 'reading' | 'focus') => {
    onClose();
    setQuiet(quiet);
  };
  return (
    <Sheet title={t('title')} onClose={onClose}>
      <Stack>
        <SegmentedControl
          fullWidth
          aria-label={t('scope.label')}
          value={scope}
          onChange={setScope}
          data={[
            { value: 'conversation', label: t('scope.conversation') },
            { value: 'character', label: conversation.character.name },
            { value: 'everywhere', label: t('scope.everywhere') },
          ]}
        />
        {scope === 'everywhere' ? <EverywhereTheme /> : <ChosenLook {...{ conversation, scope }} />}
        <ReadingPanel />
      </Stack>
      <ButtonRow>
        <Button variant="default" onClick={() => begin('reading')}>
          {t('reading.begin')}
        </Button>
        <Button variant="default" onClick={() => begin('focus')}>
          {t('focus.begin')}
        </Button>
        <Button onClick={onClose}>{t('done')}</Button>
      </ButtonRow>
    </Sheet>
  );
}

function EverywhereTheme() {
  const { t } = useTranslation('looks');
  const { preferences } = useMe();
  const updateMe = useUpdateMe();
  const guard = useGuard();
  return (
    <ChoiceCards
      label={t('theme')}
      value={preferences.theme}
      choices={themeSchema.options.map((value) => ({ value, label: t(`themes.${value}`) }))}
      onChange={async (theme) => {
        await guard(updateMe({ preferences: { theme } }));
      }}
    />
  );
}

function ChosenLook({ conversation, scope }: { conversation: Conversation; scope: LookScope }) {
  const { t } = useTranslation('looks');
  const { data: looks } = useQuery(looksQuery(conversation.id));
  const chooseLook = useChooseLook(conversation.id);
  const guard = useGuard();
  const [fault, setFault] = useState<string | null>(null);
  const choose = (choice: Omit<ChooseLook, 'for'>) => guard(chooseLook({ for: scope, ...choice }));
  const look = looks?.[scope];
  const takePicture = async (file: File) => {
    const bitmap = await createImageBitmap(file).catch(() => null);
    if (bitmap === null) return setFault(t('background.broken'));
    using _closing = { [Symbol.dispose]: () => bitmap.close() };
    await choose({ background: drawPicture(bitmap, null) });
  };
  return (
    <>
      <ChoiceCards
        key={scope}
        label={t('theme')}
        value={look?.theme ?? 'inherit'}
        choices={[
          { value: 'inherit', label: t('themes.inherit') },
          ...themeSchema.options.map((value) => ({ value, label: t(`themes.${value}`) })),
        ]}
        onChange={async (theme) => {
          await choose({ theme: theme === 'inherit' ? null : theme });
        }}
      />
      <section aria-label={t('background.label')}>
        <p>{t('background.hint')}</p>
        {fault !== null && <p role="alert">{fault}</p>}
        <ButtonRow>
          {(look?.backgroundUrl ?? null) !== null && (
            <Button variant="default" onClick={() => void choose({ background: null })}>
              {t('background.remove')}
            </Button>
          )}
          <PictureFileButton onFault={setFault} onFile={(file) => void takePicture(file)}>
            {t('background.choose')}
          </PictureFileButton>
        </ButtonRow>
      </section>
    </>
  );
}
