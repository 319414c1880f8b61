import { useTranslation } from 'react-i18next';
import type { TestedLore, TestLore } from '../../../contract/lore.ts';
import { markText } from './mark-text.ts';
import classes from './lore-tester.module.css';

type Matches = TestedLore['matches'];

/** The messages that were read, newest first, with the words that called an entry marked. */
export function TestMessages({ messages, matches }: { messages: TestLore['messages']; matches: Matches }) {
  const { t } = useTranslation('books');
  const numbered = messages.map((message, index) => ({ ...message, index }));
  return (
    <ol className={classes['messages']}>
      {numbered.toReversed().map(({ name, text, role, index }) => (
        <li key={index} data-role={role}>
          <b>{name === '' ? t('test.you') : name}</b>
          <p>
            {markText(
              text,
              matches.filter((match) => match.message === index),
            ).map(({ start, text: run, marked }) =>
              marked ? <mark key={start}>{run}</mark> : <span key={start}>{run}</span>,
            )}
          </p>
        </li>
      ))}
    </ol>
  );
}
