import { Switch, useMantineColorScheme } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { appearanceSchema } from '../../../contract/accounts.ts';
import type { Preferences, UpdateMe } from '../../../contract/accounts.ts';
import { LOCALES, changeLocale, currentLocale } from '../../state/i18n.ts';
import { useGuard } from '../../state/use-guard.ts';
import { useMe, useUpdateMe } from '../../state/use-me.ts';
import { ChoiceCards } from '../../ui/choice-cards.tsx';
import { themeSchema } from '../../../contract/looks.ts';
import { ReadingPanel } from './reading-panel.tsx';
import { Panel } from '../../ui/panel.tsx';

const TEXT_SIZES = ['small', 'medium', 'large', 'extra-large'] as const satisfies readonly Preferences['textSize'][];

export function AppearanceSection() {
  const { t } = useTranslation(['settings', 'common', 'looks']);
  const { preferences } = useMe();
  const guard = useGuard();
  const updateMe = useUpdateMe();
  const save = (change: UpdateMe) => guard(updateMe(change));
  return (
    <>
      <GroundPanel preferences={preferences} save={save} />
      <Panel title={t('settings:appearance.conversations')}>
        <ChoiceCards
          label={t('looks:theme')}
          value={preferences.theme}
          choices={themeSchema.options.map((value) => ({ value, label: t(`looks:themes.${value}`) }))}
          onChange={async (theme) => {
            await save({ preferences: { theme } });
          }}
        />
        <ReadingPanel />
      </Panel>
      <Panel>
        <ChoiceCards
          label={t('settings:appearance.language')}
          value={currentLocale()}
          choices={LOCALES.map((value) => ({ value, label: t(`common:language.${value}`), lang: value }))}
          onChange={async (locale) => {
            await save({ locale });
            await changeLocale(locale);
          }}
        />
      </Panel>
      <Panel>
        <Switch
          label={t('settings:appearance.sendWithEnter')}
          description={t('settings:appearance.sendWithEnterHint')}
          checked={preferences.sendWithEnter}
          onChange={(event) => void save({ preferences: { sendWithEnter: event.currentTarget.checked } })}
        />
        <Switch
          label={t('settings:appearance.autoTitles')}
          description={t('settings:appearance.autoTitlesHint')}
          checked={preferences.autoTitles}
          onChange={(event) => void save({ preferences: { autoTitles: event.currentTarget.checked } })}
        />
      </Panel>
    </>
  );
}

interface GroundPanelProps {
  preferences: Preferences;
  save: (change: UpdateMe) => Promise<unknown>;
}

/** Light or dark, and the size of letters on every page. */
function GroundPanel({ preferences, save }: GroundPanelProps) {
  const { t } = useTranslation('settings');
  const { setColorScheme } = useMantineColorScheme();
  return (
    <Panel>
      <ChoiceCards
        label={t('appearance.theme')}
        value={preferences.appearance}
        choices={appearanceSchema.options.map((value) => ({
          value,
          label: t(`appearance.themes.${value}`),
        }))}
        onChange={async (appearance) => {
          setColorScheme(appearance === 'system' ? 'auto' : appearance);
          await save({ preferences: { appearance } });
        }}
      />
      <ChoiceCards
        label={t('appearance.textSize')}
        value={preferences.textSize}
        choices={TEXT_SIZES.map((value) => ({ value, label: t(`appearance.textSizes.${value}`) }))}
        onChange={async (textSize) => {
          await save({ preferences: { textSize } });
        }}
      />
      <p>{t('appearance.sample')}</p>
    </Panel>
  );
}
