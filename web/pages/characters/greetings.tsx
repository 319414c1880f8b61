import { ActionIcon, Button } from '@mantine/core';
import { useRef, useState } from 'react';
import type { TouchEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Character } from '../../../contract/characters.ts';
import { useMe } from '../../state/use-me.ts';
import { useStartConversation } from '../../state/use-start-conversation.ts';
import { IconChevronLeft, IconChevronRight } from '../../ui/icons.ts';
import { Prose } from '../conversation/prose.tsx';
import classes from './character-page.module.css';
import { withNames } from './with-names.ts';

/** How far a finger moves sideways to turn a greeting, CSS pixels. */
const SWIPE = 48;

/** The ways a conversation may begin, one at a time; any of them may be the one. */
export function Greetings({ character }: { character: Character }) {
  const { t } = useTranslation('characters');
  const me = useMe();
  const { start, starting } = useStartConversation();
  const [index, setIndex] = useState(0);
  const { greetings } = character;
  const turn = (by: number) => setIndex(Math.min(Math.max(index + by, 0), greetings.length - 1));
  const swipe = useSwipe(turn);
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
              onClick={() => turn(-1)}
            >
              <IconChevronLeft size={18} aria-hidden />
            </ActionIcon>
            <span aria-live="polite">{t('greetingOf', { current: index + 1, total: greetings.length })}</span>
            <ActionIcon
              variant="subtle"
              size={40}
              aria-label={t('nextGreeting')}
              disabled={index === greetings.length - 1}
              onClick={() => turn(1)}
            >
              <IconChevronRight size={18} aria-hidden />
            </ActionIcon>
          </div>
        )}
      </div>
      <div className={classes['greeting']} {...swipe}>
        <Prose text={withNames(greeting, { char: character.name, user: me.name })} />
        {greetings.length > 1 && (
          <Button
            variant="subtle"
            size="compact-md"
            className={classes['beginSo'] ?? ''}
            loading={starting !== null}
            onClick={() => void start(character.id, index)}
          >
            {t('beginSo')}
          </Button>
        )}
      </div>
    </section>
  );
}

function useSwipe(turn: (by: number) => void) {
  const start = useRef<{ x: number; y: number } | null>(null);
  return {
    onTouchStart: (event: TouchEvent) => {
      const touch = event.touches[0];
      start.current = touch === undefined ? null : { x: touch.clientX, y: touch.clientY };
    },
    onTouchEnd: (event: TouchEvent) => {
      const touch = event.changedTouches[0];
      if (start.current === null || touch === undefined) return;
      const [dx, dy] = [touch.clientX - start.current.x, touch.clientY - start.current.y];
      if (Math.abs(dx) > SWIPE && Math.abs(dx) > 2 * Math.abs(dy)) turn(dx < 0 ? 1 : -1);
    },
  };
}
