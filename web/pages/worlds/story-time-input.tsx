import { Button, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import {
  advanceStoryClock,
  readStoryClock,
  tellStoryTime,
  writeStoryClock,
  type StoryClock,
} from '../../../contract/story-time.ts';
import { STORY_TIME_LIMIT } from '../../../contract/worlds.ts';
import { currentLocale } from '../../state/i18n.ts';
import classes from './worlds.module.css';

const MORNING: StoryClock = { day: 1, minute: 8 * 60 };
const STEPS = { hour: 60, day: 1440 } as const;

/** The time of a story: a clock that can be moved on, or words. */
export function StoryTimeInput({ value, onChange }: { value: string; onChange: (time: string) => void }) {
  const { t } = useTranslation('worlds');
  const clock = readStoryClock(value);
  const move = (minutes: number) => onChange(writeStoryClock(clock ? advanceStoryClock(clock, minutes) : MORNING));
  return (
    <div>
      <TextInput
        label={t('time')}
        description={t('timeHint')}
        value={value}
        maxLength={STORY_TIME_LIMIT}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <div className={classes['row']}>
        {clock ? (
          <>
            <span className={classes['soft']}>{tellStoryTime(value, currentLocale())}</span>
            <Button variant="default" size="compact-md" onClick={() => move(STEPS.hour)}>
              {t('hourLater')}
            </Button>
            <Button variant="default" size="compact-md" onClick={() => move(STEPS.day)}>
              {t('dayLater')}
            </Button>
          </>
        ) : (
          value.trim() === '' && (
            <Button variant="default" size="compact-md" onClick={() => move(0)}>
              {t('startClock')}
            </Button>
          )
        )}
      </div>
    </div>
  );
}
