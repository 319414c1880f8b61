import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { messageText } from '../../../client/message-text.ts';
import type { Conversation } from '../../../contract/conversations.ts';
import { formatDateTime } from '../../state/format.ts';
import { Prose } from '../conversation/prose.tsx';
import { MarkDialog } from './mark-dialog.tsx';
import { runAt, type TreeModel } from './tree-model.ts';
import classes from './tree-page.module.css';
import { messageQuery } from './tree-queries.ts';
import { useBranchMoves } from './use-branch-moves.ts';
import { useRunLabels } from './use-run-label.ts';

interface RunPreviewProps {
  conversation: Conversation;
  model: TreeModel;
  place: number;
}

/** What was said in one stretch of the tree, and where one can go from it. */
export function RunPreview({ conversation, model, place }: RunPreviewProps) {
  const { t } = useTranslation('tree');
  const labels = useRunLabels(model);
  const run = runAt(model, place);
  if (run === undefined) return <p className={classes['empty']}>{t('previewEmpty')}</p>;
  const names = labels.names(place);
  return (
    <section className={classes['preview']} aria-label={t('preview')}>
      {names !== '' && <h2>{names}</h2>}
      <p className={classes['meta']}>
        {[labels.length(place), formatDateTime(run.at), ...(run.active > 0 ? [t('onPath')] : [])].join(' · ')}
      </p>
      <Passage title={t('from')} messageId={run.id} />
      {run.lastId !== run.id && <Passage title={t('to')} messageId={run.lastId} />}
      {conversation.mine && <PreviewActions {...{ conversation, model, place }} />}
    </section>
  );
}

function Passage({ title, messageId }: { title: string; messageId: string }) {
  const { t } = useTranslation(['tree', 'talk']);
  const { data } = useQuery(messageQuery(messageId));
  const text = data === undefined ? '' : messageText(data);
  return (
    <div className={classes['passage']}>
      <h3>{title}</h3>
      {data?.deleted === true && <p>{t('tree:deleted')}</p>}
      {data?.withheld === true && <p>{t('tree:withheld')}</p>}
      {data !== undefined && text !== '' && (
        <>
          <p className={classes['author']}>{t('talk:says', { name: data.author.name || t('talk:you') })}</p>
          <Prose text={text} />
        </>
      )}
    </div>
  );
}

function PreviewActions({ conversation, model, place }: RunPreviewProps) {
  const { t } = useTranslation('tree');
  const { go } = useBranchMoves(conversation.id);
  const [naming, setNaming] = useState(false);
  const run = runAt(model, place);
  if (run === undefined) return null;
  const { leafId, revision } = model.tree;
  const isHere = place === model.here && run.lastId === leafId;
  return (
    <div className={classes['moves']}>
      {!isHere && <Button onClick={() => void go(run.lastId, { endHere: true, revision })}>{t('continueHere')}</Button>}
      {(model.children[place] ?? []).length > 0 && (
        <Button variant="default" onClick={() => void go(run.lastId, { endHere: false, revision })}>
          {t('goTo')}
        </Button>
      )}
      {run.active < run.length && leafId !== null && (
        <Button
          variant="default"
          renderRoot={(props) => (
            <Link
              to="/c/$conversationId/compare"
              params={{ conversationId: conversation.id }}
              search={{ left: leafId, right: run.lastId }}
              {...props}
            />
          )}
        >
          {t('compare')}
        </Button>
      )}
      <Button variant="subtle" onClick={() => setNaming(true)}>
        {t('nameBranch')}
      </Button>
      {naming && (
        <MarkDialog
          conversationId={conversation.id}
          request={{ kind: 'branch', messageId: run.lastId }}
          onClose={() => setNaming(false)}
        />
      )}
    </div>
  );
}
