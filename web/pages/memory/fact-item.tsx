import { Menu } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MemoryFact } from '../../../contract/memory.ts';
import { IconDots, IconEraser, IconGitBranch, IconPencil, IconPin, IconPinFilled } from '../../ui/icons.ts';
import type { FactChain } from './fact-chains.ts';
import { FactEditor } from './fact-editor.tsx';
import { FactNotes } from './fact-notes.tsx';
import classes from './facts.module.css';
import { ForgetDialog } from './forget-dialog.tsx';
import { SourcePreview } from './source-preview.tsx';
import { useFactActions } from './use-fact-actions.ts';

/** What holds now, under what held before it. */
export function FactChainItem({ chain }: { chain: FactChain }) {
  const { t } = useTranslation('memory');
  const newest = chain[chain.length - 1] ?? chain[0];
  const earlier = chain.filter((fact) => fact !== newest);
  if (earlier.length === 0) return <FactItem fact={newest} />;
  return (
    <div className={classes['chain']} role="group" aria-label={t('fact.changed', { text: newest.text })}>
      {earlier.map((fact, index) => (
        <FactItem key={fact.id} fact={fact} until={chain[index + 1]} />
      ))}
      <FactItem fact={newest} holdsNow />
    </div>
  );
}

export interface FactItemProps {
  fact: MemoryFact;
  /** The fact that took its place. */
  until?: MemoryFact | undefined;
  /** True where it took another's place. */
  holdsNow?: boolean;
}

/** One thing remembered: its words, when it was said, where from, and what can be done with it. */
export function FactItem({ fact, until, holdsNow = false }: FactItemProps) {
  const { t } = useTranslation('memory');
  const [sourceShown, setSourceShown] = useState(false);
  const [editing, setEditing] = useState(false);
  const [forgetting, setForgetting] = useState(false);
  const faded = !fact.counts || fact.state === 'corrected' || fact.state === 'retracted';
  return (
    <article className={classes['fact']} data-faded={faded} data-before={until !== undefined} aria-label={fact.text}>
      {editing ? (
        <FactEditor fact={fact} onClose={() => setEditing(false)} />
      ) : (
        <div className={classes['line']}>
          <p className={classes['text']}>{fact.text}</p>
          <FactControls fact={fact} onEdit={() => setEditing(true)} onForget={() => setForgetting(true)} />
        </div>
      )}
      <div className={classes['meta']}>
        <FactNotes fact={fact} until={until} holdsNow={holdsNow} />
        {fact.sources.length > 0 && (
          <button
            type="button"
            className={classes['sourceButton']}
            aria-expanded={sourceShown}
            onClick={() => setSourceShown(!sourceShown)}
          >
            {t('fact.source', { count: fact.sources.length })}
          </button>
        )}
      </div>
      {sourceShown && <SourcePreview messageIds={fact.sources.map(({ messageId }) => messageId)} quote={fact.quote} />}
      {forgetting && <ForgetDialog fact={fact} onClose={() => setForgetting(false)} />}
    </article>
  );
}

interface ControlsProps {
  fact: MemoryFact;
  onEdit: () => void;
  onForget: () => void;
}

function FactControls({ fact, onEdit, onForget }: ControlsProps) {
  const { t } = useTranslation(['memory', 'common']);
  const { pin, promote } = useFactActions();
  const pinned = fact.state === 'pinned';
  const changeable = pinned || fact.state === 'active';
  return (
    <div className={classes['controls']}>
      {changeable && (
        <button
          type="button"
          className={classes['iconButton']}
          aria-pressed={pinned}
          aria-label={t('memory:fact.pin', { text: fact.text })}
          onClick={() => void pin(fact)}
        >
          {pinned ? <IconPinFilled size={18} aria-hidden /> : <IconPin size={18} aria-hidden />}
        </button>
      )}
      <Menu position="bottom-end" width={230}>
        <Menu.Target>
          <button
            type="button"
            className={classes['iconButton']}
            aria-label={t('memory:fact.more', { text: fact.text })}
          >
            <IconDots size={18} aria-hidden />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {changeable && (
            <>
              <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={onEdit}>
                {t('memory:fact.correct')}
              </Menu.Item>
              {fact.by === 'model' && (
                <Menu.Item leftSection={<IconGitBranch size={16} aria-hidden />} onClick={() => void promote(fact)}>
                  {fact.everywhere ? t('memory:fact.onlyBranch') : t('memory:fact.everyBranch')}
                </Menu.Item>
              )}
            </>
          )}
          <Menu.Item leftSection={<IconEraser size={16} aria-hidden />} onClick={onForget}>
            {t('memory:fact.forget')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}
