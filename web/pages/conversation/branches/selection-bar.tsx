import { Button, CloseButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ConversationSession } from '../../../../client/conversation-session.ts';
import { MOST_NAMED_MESSAGES, type ChangeMessages } from '../../../../contract/branches.ts';
import type { Message } from '../../../../contract/messages.ts';
import { formatNumber } from '../../../state/format.ts';
import { showToast } from '../../../state/toasts.ts';
import { useErrorText } from '../../../state/use-error-text.ts';
import classes from './selection-bar.module.css';
import type { Selection } from './use-selection.ts';

interface SelectionBarProps {
  session: ConversationSession;
  /** The loaded end of the path. */
  path: readonly Message[];
  selection: Selection;
}

type Action = ChangeMessages['action'];

/** In the place of the message box while messages are selected: which, how many, and what becomes of them. */
export function SelectionBar({ session, path, selection }: SelectionBarProps) {
  const { t } = useTranslation(['tree', 'common']);
  const change = useManyChange(session);
  const ids = selection.ids ?? new Set<string>();
  const run = async (action: Action) => {
    if (ids.size > MOST_NAMED_MESSAGES) {
      showToast({ kind: 'error', text: t('tree:selection.tooMany', { most: formatNumber(MOST_NAMED_MESSAGES) }) });
    } else if (await change(action, [...ids])) selection.end();
  };
  return (
    <section className={classes['bar']} aria-label={t('tree:selection.label')}>
      <div className={classes['line']}>
        <p role="status">{t('tree:selection.count', { count: ids.size })}</p>
        <CloseButton aria-label={t('common:cancel')} onClick={selection.end} />
      </div>
      <Choices {...{ path, selection, ids }} />
      <div className={classes['line']}>
        <Button disabled={ids.size === 0} onClick={() => void run('delete')}>
          {t('tree:selection.delete')}
        </Button>
        <Button variant="default" disabled={ids.size === 0} onClick={() => void run('hide')}>
          {t('tree:selection.hide')}
        </Button>
        <Button variant="default" disabled={ids.size === 0} onClick={() => void run('show')}>
          {t('tree:selection.show')}
        </Button>
      </div>
    </section>
  );
}

/** Ways to select more than one by one. */
function Choices({ path, selection, ids }: Omit<SelectionBarProps, 'session'> & { ids: ReadonlySet<string> }) {
  const { t } = useTranslation('tree');
  const first = path.findIndex(({ id }) => ids.has(id));
  const last = path.findLastIndex(({ id }) => ids.has(id));
  const keep = (kind: Message['author']['kind']) =>
    selection.set(path.filter(({ id, author }) => ids.has(id) && author.kind === kind).map(({ id }) => id));
  const stretch = (to: number) =>
    selection.set(path.slice(Math.max(first, 0), to).flatMap(({ id, deleted }) => (deleted ? [] : [id])));
  const choices = [
    { label: t('selection.onwards'), run: () => stretch(path.length), off: first < 0 },
    { label: t('selection.between'), run: () => stretch(last + 1), off: last - first < 2 },
    { label: t('selection.mine'), run: () => keep('human'), off: ids.size < 2 },
    { label: t('selection.theirs'), run: () => keep('character'), off: ids.size < 2 },
  ];
  return (
    <div className={classes['choices']}>
      {choices.map(({ label, run, off }) => (
        <Button key={label} variant="subtle" size="compact-sm" disabled={off} onClick={run}>
          {label}
        </Button>
      ))}
    </div>
  );
}

/** Changes many and offers to undo all of it; false when it was refused, which was told. */
function useManyChange(session: ConversationSession): (action: Action, ids: string[]) => Promise<boolean> {
  const { t } = useTranslation(['tree', 'common']);
  const errorText = useErrorText();
  const guard = async (work: () => Promise<void>): Promise<boolean> => {
    try {
      await work();
      return true;
    } catch (error) {
      showToast({ kind: 'error', text: errorText(error) });
      return false;
    }
  };
  return (action, messageIds) =>
    guard(async () => {
      const { batchId, changed } = await session.changeMany(action, { messageIds });
      const count = { count: changed };
      const told = {
        delete: t('tree:selection.deleted', count),
        hide: t('tree:selection.hidden', count),
        show: t('tree:selection.shown', count),
      };
      const undo = () => batchId !== null && void guard(() => session.undoMany(batchId));
      if (batchId === null) showToast({ text: t('tree:selection.nothing') });
      else showToast({ text: told[action], action: { label: t('common:undo'), run: undo } });
    });
}
