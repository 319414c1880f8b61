import { Button, NativeSelect, Slider } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { CharacterVoice as Choice, VoiceList } from '../../../contract/voice.ts';
import { api } from '../../state/api.ts';
import { formatNumber } from '../../state/format.ts';
import { currentLocale } from '../../state/i18n.ts';
import { useGuard } from '../../state/use-guard.ts';
import { ButtonRow } from '../../ui/button-row.tsx';
import { Stack } from '../../ui/stack.tsx';
import { SpeedSlider } from './call-preferences-panel.tsx';
import { HearButton } from './hear-button.tsx';
import { sampleAddress } from './sample-address.ts';
import { voiceLabel } from './voice-label.ts';
import { characterVoiceQuery, voicesQuery } from './voice-queries.ts';
import classes from './voices.module.css';

export interface CharacterVoiceProps {
  characterId: string;
  name: string;
  /** What the character says first; heard in the voice that is chosen. */
  greeting: string;
}

/** How a character sounds to the person, in the language of the page. */
export function CharacterVoice({ characterId, name, greeting }: CharacterVoiceProps) {
  const locale = currentLocale();
  const { data: chosen } = useQuery(characterVoiceQuery(characterId, locale));
  const { data: list } = useQuery(voicesQuery);
  if (chosen === undefined || list === undefined) return null;
  return <VoiceForm {...{ characterId, name, greeting, chosen, list }} />;
}

function VoiceForm({
  characterId,
  name,
  greeting,
  chosen,
  list,
}: CharacterVoiceProps & { chosen: Choice; list: VoiceList }) {
  const { t } = useTranslation('voices');
  const locale = currentLocale();
  const guard = useGuard();
  const queryClient = useQueryClient();
  const fitting = list.voices.filter(({ languages }) => languages.includes(locale.slice(0, 2)));
  const usual = fitting.find(({ ref }) => ref === list.defaults[locale]);
  const installed = fitting.filter((voice) => voice.installed || voice.ref === chosen.voice);

  async function save(change: Partial<Choice>): Promise<void> {
    const { queryKey } = characterVoiceQuery(characterId, locale);
    const body = { ...chosen, ...change };
    queryClient.setQueryData(queryKey, body);
    const params = { id: characterId };
    if ((await guard(api.call('chooseCharacterVoice', { params, query: { locale }, body }))) === undefined) {
      await queryClient.invalidateQueries({ queryKey });
    }
  }

  return (
    <section aria-label={t('ofCharacter.title')}>
      <h2>{t('ofCharacter.title')}</h2>
      <Stack>
        <NativeSelect
          label={t('ofCharacter.voice', { name })}
          maw={420}
          value={chosen.voice ?? ''}
          data={[
            {
              value: '',
              label: usual === undefined ? t('ofCharacter.usual') : t('ofCharacter.usualNamed', { name: usual.label }),
            },
            ...installed.map((voice) => ({ value: voice.ref, label: voiceLabel(voice) })),
          ]}
          onChange={(event) =>
            void save({ voice: event.currentTarget.value === '' ? null : event.currentTarget.value })
          }
        />
        <SpeedSlider
          key={`speed-${chosen.speed}`}
          label={t('speed')}
          speed={chosen.speed}
          onSpeed={(speed) => void save({ speed })}
        />
        <PitchSlider key={`pitch-${chosen.pitch}`} pitch={chosen.pitch} onPitch={(pitch) => void save({ pitch })} />
        <HearRow chosen={chosen} name={name} greeting={greeting} />
      </Stack>
    </section>
  );
}

function PitchSlider({ pitch, onPitch }: { pitch: number; onPitch: (pitch: number) => void }) {
  const { t } = useTranslation('voices');
  return (
    <div className={classes['slider']}>
      <span aria-hidden>{t('pitch')}</span>
      <Slider
        thumbLabel={t('pitch')}
        min={-12}
        max={12}
        step={1}
        defaultValue={pitch}
        label={(value) => t('semitones', { count: value, formatted: formatNumber(value) })}
        marks={[-12, 0, 12].map((value) => ({ value, label: formatNumber(value) }))}
        onChangeEnd={onPitch}
      />
    </div>
  );
}

function HearRow({ chosen, name, greeting }: { chosen: Choice; name: string; greeting: string }) {
  const { t } = useTranslation('voices');
  return (
    <ButtonRow>
      <HearButton url={sampleAddress({ ...chosen, locale: currentLocale(), text: greeting })} name={name} />
      <Button
        variant="subtle"
        renderRoot={(props) => <Link {...props} to="/settings/$section" params={{ section: 'voices' }} />}
      >
        {t('ofCharacter.more')}
      </Button>
    </ButtonRow>
  );
}
