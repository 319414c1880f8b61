import { Menu } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BranchMark } from '../../../contract/branches.ts';
import type { Conversation } from '../../../contract/conversations.ts';
import { api } from '../../state/api.ts';
import { IconDots, IconFlag, IconGitBranch } from '../../ui/icons.ts';
import { LinkedText } from '../../ui/linked-text.tsx';
import { MarkDialog, type MarkRequest } from './mark-dialog.tsx';
import type { TreeModel } from './tree-model.ts';
import classes from './tree-page.module.css';
import { branchesQuery } from './tree-queries.ts';
import { useBranchMoves } from './use-branch-moves.ts';
import { useRunLabels } from './use-run-label.ts';

interface BranchMarksProps {
  conversation: Conversation;
  model: TreeModel;
  onShow: (place: number) => void;
}

/** Named branches and checkpoints to go to, and the conversations at the other ends of links. */
export function BranchMarks({ conversation, model, onShow }: BranchMarksProps) {
  const { t } = useTranslation('tree');
  const [request, setRequest] = useState<MarkRequest | null>(null);
  const { data } = useQuery(branchesQuery(conversation.id));
  const marks = [...model.marks].flatMap(([place, named]) => named.map((mark) => ({ place, mark })));
  const { origin = null, offshoots = [] } = data ?? {};
  if (marks.length === 0 && origin === null && offshoots.length === 0) return null;
  return (
    <section className={classes['marks']} aria-label={t('marks')}>
      {origin !== null && (
        <p>
          <LinkedText
            text={t('origin', { title: origin.title })}
            link={<Link to="/c/$conversationId" params={{ conversationId: origin.conversationId }} />}
          />
        </p>
      )}
      {marks.length > 0 && (
        <ul className={classes['chips']}>
          {marks.map(({ place, mark }) => (
            <MarkChip
              key={mark.id}
              {...{ conversation, model, mark }}
              onShow={() => onShow(place)}
              onRename={() => setRequest({ kind: 'rename', markId: mark.id, name: mark.name })}
            />
          ))}
        </ul>
      )}
      {offshoots.length > 0 && (
        <p>
          {t('offshoots')}{' '}
          {offshoots.map(({ conversationId, title }) => (
            <Link key={conversationId} to="/c/$conversationId" params={{ conversationId }} className={classes['link']}>
              {title}
            </Link>
          ))}
        </p>
      )}
      {request !== null && (
        <MarkDialog conversationId={conversation.id} request={request} onClose={() => setRequest(null)} />
      )}
    </section>
  );
}

interface MarkChipProps {
  conversation: Conversation;
  model: TreeModel;
  mark: BranchMark;
  onShow: () => void;
  onRename: () => void;
}

function MarkChip({ conversation, model, mark, onShow, onRename }: MarkChipProps) {
  const { t } = useTranslation(['tree', 'common']);
  const { go, change } = useBranchMoves(conversation.id);
  const name = useRunLabels(model).markName(mark);
  const isCheckpoint = mark.kind === 'checkpoint';
  const { revision } = model.tree;
  const remove = () =>
    void change(() => api.call('deleteBranchMark', { params: { id: conversation.id, markId: mark.id } }));
  return (
    <li className={classes['chip']}>
      <button type="button" onClick={onShow}>
        {isCheckpoint ? <IconFlag size={15} aria-hidden /> : <IconGitBranch size={15} aria-hidden />}
        <span>{name}</span>
      </button>
      {conversation.mine && (
        <Menu position="bottom-end">
          <Menu.Target>
            <button type="button" aria-label={t('tree:markOptions', { name })}>
              <IconDots size={16} aria-hidden />
            </button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => void go(mark.messageId, { endHere: isCheckpoint, revision })}>
              {isCheckpoint ? t('tree:goBack') : t('tree:goTo')}
            </Menu.Item>
            <Menu.Item onClick={onRename}>{t('tree:rename')}</Menu.Item>
            <Menu.Item onClick={remove}>{t('common:remove')}</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </li>
  );
}
