import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { MoveReport, MoveResult } from '../../../contract/moving.ts';
import { formatNumber } from '../../state/format.ts';
import { Panel } from '../../ui/panel.tsx';
import { MoveProblems } from './move-problems.tsx';
import classes from './moving.module.css';

export interface MoveResultProps {
  result: MoveResult;
  /** What the look beforehand had to say; its problems stay behind, too. */
  report: MoveReport | null;
  onAgain: () => void;
}

/** What arrived, with the ways to it, and what did not. */
export function MoveResultView({ result, report, onAgain }: MoveResultProps) {
  const { t } = useTranslation('moving');
  const problems = [...result.problems, ...(report?.problems ?? [])];
  return (
    <>
      <Panel title={t('result.title')}>
        <p role="status">
          {result.arrived.length === 0
            ? t('result.nothing')
            : result.arrived
                .map(({ kind, count }) => t(`arrived.${kind}`, { count, shown: formatNumber(count) }))
                .join(t('notes.comma'))}
        </p>
        {result.messages > 0 && (
          <p className={classes['quiet']}>
            {t('report.messages', { count: result.messages, shown: formatNumber(result.messages) })}
          </p>
        )}
        <div className={classes['buttons']}>
          <Button component={Link} to="/characters">
            {t('result.library')}
          </Button>
          <Button variant="default" onClick={onAgain}>
            {t('result.again')}
          </Button>
        </div>
      </Panel>
      {result.conversations.length > 0 && (
        <Panel title={t('result.conversations')}>
          <ul className={classes['links']}>
            {result.conversations.map(({ id, title }) => (
              <li key={id}>
                <Link to="/c/$conversationId" params={{ conversationId: id }}>
                  {title}
                </Link>
              </li>
            ))}
          </ul>
        </Panel>
      )}
      {result.characters.length > 0 && (
        <Panel title={t('result.characters')}>
          <ul className={classes['links']}>
            {result.characters.map(({ id, name }) => (
              <li key={id}>
                <Link to="/characters/$characterId" params={{ characterId: id }}>
                  {name}
                </Link>
              </li>
            ))}
          </ul>
        </Panel>
      )}
      <MoveProblems problems={problems} count={result.problemCount + (report?.problemCount ?? 0)} />
    </>
  );
}
