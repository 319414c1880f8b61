import { useTranslation } from 'react-i18next';
import type { MoveProblem } from '../../../contract/moving.ts';
import { formatNumber } from '../../state/format.ts';
import { Panel } from '../../ui/panel.tsx';
import classes from './moving.module.css';

/** What could not be read, file by file and line by line. */
export function MoveProblems({ problems, count }: { problems: readonly MoveProblem[]; count: number }) {
  const { t } = useTranslation('moving');
  const reasonOf = useReason();
  if (count === 0) return null;
  return (
    <Panel title={t('problems.title', { count, shown: formatNumber(count) })} lead={t('problems.lead')}>
      <details>
        <summary className={classes['summary']}>{t('problems.show')}</summary>
        <ul className={classes['problems']}>
          {problems.map((problem, index) => (
            <li key={index}>
              <code>{problem.path}</code>
              <span>
                {problem.line === null
                  ? reasonOf(problem)
                  : t('problems.line', { line: formatNumber(problem.line), reason: reasonOf(problem) })}
              </span>
            </li>
          ))}
        </ul>
        {count > problems.length && (
          <p className={classes['quiet']}>{t('problems.more', { shown: formatNumber(count - problems.length) })}</p>
        )}
      </details>
    </Panel>
  );
}

const REASONS = [
  'not-json',
  'line-too-long',
  'item-too-long',
  'not-a-message',
  'no-messages',
  'nothing-readable',
  'not-a-chat',
  'not-a-group',
  'cut-off',
  'too-large',
  'symlink',
  'special-file',
  'bad-path',
  'encrypted',
  'not-a-zip',
  'unreadable',
  'unknown-kind',
] as const;

/** A known reason in the reader's language, else what the house said. */
function useReason(): (problem: MoveProblem) => string {
  const { t } = useTranslation('moving');
  return ({ reason, message }) => {
    const known = REASONS.find((name) => name === reason);
    if (known !== undefined) return t(`reasons.${known}`);
    return message === '' ? t('reasons.other') : message;
  };
}
