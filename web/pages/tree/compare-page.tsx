import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { messageText } from '../../../client/message-text.ts';
import type { BranchComparison, ComparedBranch } from '../../../contract/branches.ts';
import type { Conversation } from '../../../contract/conversations.ts';
import type { Message } from '../../../contract/messages.ts';
import { formatNumber } from '../../state/format.ts';
import { usePageTitle } from '../../state/use-page-title.ts';
import { IconArrowLeft } from '../../ui/icons.ts';
import { LoadingPage } from '../../ui/loading-page.tsx';
import { NotFoundPage } from '../../ui/not-found-page.tsx';
import classes from './compare-page.module.css';
import { compareWords, type WordPiece } from './compare-words.ts';
import { comparisonQuery, conversationQuery } from './tree-queries.ts';
import { useBranchMoves } from './use-branch-moves.ts';

const route = getRouteApi('/inside/frame/c/$conversationId/compare');

/** Two branches beside each other from their last common message; on a phone one below the other. */
export function ComparePage() {
  const { t } = useTranslation('tree');
  const { conversationId } = route.useParams();
  const conversation = useQuery(conversationQuery(conversationId));
  const comparison = useQuery(comparisonQuery(conversationId, route.useSearch()));
  usePageTitle(t('compareTitle'));
  if (conversation.isError || comparison.isError) return <NotFoundPage />;
  if (conversation.data === undefined || comparison.data === undefined) return <LoadingPage />;
  return <Comparison conversation={conversation.data} comparison={comparison.data} />;
}

function Comparison({ conversation, comparison }: { conversation: Conversation; comparison: BranchComparison }) {
  const { t } = useTranslation('tree');
  const { common, left, right } = comparison;
  return (
    <div className={classes['page']}>
      <header className={classes['head']}>
        <Link
          to="/c/$conversationId/map"
          params={{ conversationId: conversation.id }}
          className={classes['back']}
          aria-label={t('backToMap')}
        >
          <IconArrowLeft size={22} aria-hidden />
        </Link>
        <h1>{t('compareTitle')}</h1>
      </header>
      {common === null ? (
        <p className={classes['common']}>{t('compareNothing')}</p>
      ) : (
        <div className={classes['common']} lang={conversation.locale}>
          <p>{t('compareCommon', { position: formatNumber(common.depth + 1) })}</p>
          <blockquote>{messageText(common)}</blockquote>
        </div>
      )}
      <div className={classes['sides']}>
        <Side {...{ conversation }} branch={left} other={right} side="left" />
        <Side {...{ conversation }} branch={right} other={left} side="right" />
      </div>
    </div>
  );
}

interface SideProps {
  conversation: Conversation;
  branch: ComparedBranch;
  other: ComparedBranch;
  side: 'left' | 'right';
}

function Side({ conversation, branch, other, side }: SideProps) {
  const { t } = useTranslation('tree');
  const { go } = useBranchMoves(conversation.id);
  const title = side === 'left' ? t('compareLeft') : t('compareRight');
  const rest = branch.length - branch.messages.length;
  return (
    <section className={classes['side']} aria-label={title}>
      <h2>{title}</h2>
      <p className={classes['meta']}>{t('length', { count: branch.length })}</p>
      {branch.length === 0 && <p>{t('compareEnds')}</p>}
      <ol lang={conversation.locale}>
        {branch.messages.map((message, index) => (
          <ComparedMessage
            key={message.id}
            {...{ message, side }}
            other={other.messages[index]}
            locale={conversation.locale}
          />
        ))}
      </ol>
      {rest > 0 && branch.last !== null && (
        <div lang={conversation.locale}>
          <p className={classes['meta']}>{t('compareMore', { count: rest })}</p>
          <blockquote>{messageText(branch.last)}</blockquote>
        </div>
      )}
      {conversation.mine && (
        <Button variant="default" onClick={() => void go(branch.endId, { endHere: false })}>
          {t('goTo')}
        </Button>
      )}
    </section>
  );
}

interface ComparedMessageProps {
  message: Message;
  other: Message | undefined;
  side: 'left' | 'right';
  locale: string;
}

/** A message with the words that the one beside it has not, where the same author said both. */
function ComparedMessage({ message, other, side, locale }: ComparedMessageProps) {
  const { t } = useTranslation(['tree', 'talk']);
  const name = message.author.name || t('talk:you');
  const text = messageText(message);
  const comparable = other !== undefined && other.author.id === message.author.id;
  const pieces = comparable
    ? piecesOf({ text, otherText: messageText(other), side, locale })
    : [{ text, alone: false }];
  return (
    <li>
      <p className={classes['author']}>{message.withheld ? t('tree:withheld') : name}</p>
      {message.deleted ? (
        <p>{t('tree:deleted')}</p>
      ) : (
        <p className={classes['words']}>
          {pieces.map((piece, index) =>
            piece.alone ? (
              // A piece's place in its message is its identity.
              <mark
                key={`${message.id}-${index}`}
                aria-label={
                  side === 'left'
                    ? t('tree:removedWord', { words: piece.text })
                    : t('tree:addedWord', { words: piece.text })
                }
              >
                {piece.text}
              </mark>
            ) : (
              piece.text
            ),
          )}
        </p>
      )}
    </li>
  );
}

function piecesOf({
  text,
  otherText,
  side,
  locale,
}: {
  text: string;
  otherText: string;
  side: 'left' | 'right';
  locale: string;
}): WordPiece[] {
  return side === 'left' ? compareWords(text, otherText, locale).left : compareWords(otherText, text, locale).right;
}
