import { ActionIcon } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconChevronLeft, IconChevronRight } from '../../ui/icons.ts';
import { Prose } from '../conversation/prose.tsx';
import classes from './character-page.module.css';

/** The ways a conversation may begin, one at a time. */
export function Greetings({ greetings }: { greetings: readonly string[] }) {
  const { t } = useTranslation('characters');
  const [index, setIndex] = useState(0);
  const greeting = greetings[index];
  if (greeting === undefined) return null;
  return (
    <section>
      <div className={classes['greetingHead']}>
        <h2>{t('greetings')}</h2>
        {greetings.length > 1 && (
          <div className={classes['switch']}>
            <ActionIcon
              variant="subtle"
              size={40}
              aria-label={t('previousGreeting')}
              disabled={index === 0}
              onClick={() => setIndex(index - 1)}
            >
              <IconChevronLeft size={18} aria-hidden />
            </ActionIcon>
            <span aria-live="polite">{t('greetingOf', { current: index + 1, total: greetings.length })}</span>
            <ActionIcon
              variant="subtle"
              size={40}
              aria-label={t('nextGreeting')}
              disabled={index === greetings.length - 1}
              onClick={() => setIndex(index + 1)}
            >
              <IconChevronRight size={18} aria-hidden />
            </ActionIcon>
          </div>
        )}
      </div>
      <div className={classes['greeting']}>
        <Prose text={greeting} />
      </div>
    </section>
  );
}
