import { useEffect, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { pathTotal } from '../../../../client/conversation-state.ts';
import type { ConversationState } from '../../../../client/conversation-state.ts';
import type { Conversation } from '../../../../contract/conversations.ts';
import { useMe } from '../../../state/use-me.ts';
import { IconChevronLeft, IconChevronRight, IconList } from '../../../ui/icons.ts';
import { Scene } from '../../../ui/scene.tsx';
import { Prose } from '../prose.tsx';
import { ReplyProgress } from '../reply-progress.tsx';
import { NovelCast } from './novel-cast.tsx';
import { withoutExpressionTags } from './choose-expression.ts';
import { novelPassages, standingAt, type NovelPlace, type Passage } from './novel-passages.ts';
import classes from './novel.module.css';
import { useCast } from './use-cast.ts';

export interface NovelStageProps {
  conversation: Conversation;
  state: ConversationState;
  backgroundUrl: string | null;
  /** Changes when the reader sent something. */
  jumpToEnd: number;
  hasOlder: boolean;
  onLoadOlder: () => Promise<void>;
  onHistory: () => void;
}

/** A visual novel: the place, who is there, and one passage at a time. */
export function NovelStage(props: NovelStageProps) {
  const { conversation, state, backgroundUrl } = props;
  const { character } = conversation;
  const me = useMe();
  const cast = useCast(conversation);
  const passages = novelPassages(state.path, state.streaming);
  const { at, go } = usePlace(props, passages);
  const passage = passages[at];
  const onKeyDown = (event: KeyboardEvent) => {
    const step = stepOf(event);
    if (step === 0) return;
    event.preventDefault();
    event.stopPropagation();
    go(step);
  };
  return (
    <>
      <div className={classes['backdrop']} aria-hidden>
        <Scene pictureUrl={backgroundUrl ?? character.pictureUrl} alt="" seed={character.id} />
      </div>
      {/* Tapping the stage is the thumb's way; the button below is everybody's. */}
      {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions */}
      <div className={classes['stage']} onClick={(event) => isPlain(event.target) && go(1)}>
        <NovelCast cast={cast} passages={passages} at={at} />
        <NovelBox
          passage={passage}
          mine={passage !== undefined && isOwn(passage, conversation, me.id)}
          waiting={waitingFor(state, passages)}
          names={cast.flatMap(({ expressions }) => expressions.map(({ name }) => name))}
          isFirst={at <= 0 && !props.hasOlder}
          isLast={at >= passages.length - 1}
          number={passage === undefined ? 0 : passage.message.depth + 1}
          total={pathTotal(state)}
          onStep={go}
          onKeyDown={onKeyDown}
          onHistory={props.onHistory}
        />
      </div>
    </>
  );
}

function usePlace(
  { jumpToEnd, hasOlder, onLoadOlder }: Pick<NovelStageProps, 'jumpToEnd' | 'hasOlder' | 'onLoadOlder'>,
  passages: readonly Passage[],
) {
  const [place, setPlace] = useState<{ key: NovelPlace; jump: number }>({ key: null, jump: jumpToEnd });
  // Whoever speaks has read what was said before.
  const at = standingAt(passages, place.jump === jumpToEnd ? place.key : (passages.at(-1)?.key ?? null));
  const shown = passages[at]?.key ?? null;
  useEffect(() => {
    // Where the reader has come to is where they stay when more is written.
    if (shown !== null) setPlace({ key: shown, jump: jumpToEnd });
  }, [shown, jumpToEnd]);
  const go = (step: number) => {
    const next = passages[at + step];
    if (next !== undefined) setPlace({ key: next.key, jump: jumpToEnd });
    else if (step < 0 && hasOlder) void onLoadOlder().catch(() => undefined);
  };
  return { at, go };
}

interface NovelBoxProps {
  passage: Passage | undefined;
  /** True where the reader said it. */
  mine: boolean;
  waiting: ReturnType<typeof waitingFor>;
  /** Names of expressions, whose tags are not said. */
  names: readonly string[];
  isFirst: boolean;
  isLast: boolean;
  number: number;
  total: number;
  onStep: (step: number) => void;
  onKeyDown: (event: KeyboardEvent) => void;
  onHistory: () => void;
}

function NovelBox({ passage, mine, waiting, names, onStep, onKeyDown, ...props }: NovelBoxProps) {
  const { t } = useTranslation(['looks', 'talk']);
  const name = passage === undefined ? '' : mine ? t('talk:you') : passage.message.author.name;
  return (
    // Arrow keys turn its passages.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <section
      className={classes['box']}
      aria-label={t('looks:novel.box')}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      onKeyDown={onKeyDown}
      data-mine={mine}
    >
      {name !== '' && <p className={classes['name']}>{name}</p>}
      <div className={classes['words']} aria-live="polite" aria-busy={passage?.streaming === true}>
        {passage !== undefined && (
          <Prose text={withoutExpressionTags(passage.text, names)} streaming={passage.streaming} />
        )}
        {props.isLast && waiting !== null && <ReplyProgress name={waiting.name} streaming={waiting.streaming} />}
      </div>
      <div className={classes['controls']}>
        <button type="button" onClick={props.onHistory}>
          <IconList size={18} aria-hidden /> {t('looks:novel.history')}
        </button>
        <span>{t('looks:novel.place', { number: props.number, total: props.total })}</span>
        <button type="button" aria-label={t('looks:novel.back')} disabled={props.isFirst} onClick={() => onStep(-1)}>
          <IconChevronLeft size={20} aria-hidden />
        </button>
        <button type="button" aria-label={t('looks:novel.next')} disabled={props.isLast} onClick={() => onStep(1)}>
          <IconChevronRight size={20} aria-hidden />
        </button>
      </div>
    </section>
  );
}

function isOwn({ message: { author } }: Passage, { room }: Conversation, myId: string): boolean {
  return author.kind === 'human' && (room === null || author.id === myId);
}

/** A reply of which nothing can be read yet. */
function waitingFor({ path, streaming }: ConversationState, passages: readonly Passage[]) {
  const last = path.at(-1);
  const live = last && streaming.get(last.id);
  if (last === undefined || live === undefined || passages.at(-1)?.message.id === last.id) return null;
  return { name: last.author.name, streaming: live };
}

function stepOf({ key, shiftKey, target, currentTarget }: KeyboardEvent): number {
  if (key === 'ArrowRight' || key === 'PageDown') return 1;
  if (key === 'ArrowLeft' || key === 'PageUp') return -1;
  // On a button they press it.
  if (target !== currentTarget) return 0;
  if (key === ' ') return shiftKey ? -1 : 1;
  return key === 'Enter' ? 1 : 0;
}

/** Controls and links answer their own clicks; whoever selects words does not turn the page. */
function isPlain(target: EventTarget): boolean {
  const selecting = (getSelection()?.toString() ?? '') !== '';
  return !selecting && target instanceof Element && target.closest('button, a, summary, input, textarea') === null;
}
