import { Link } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import { Suspense, lazy, useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../contract/conversations.ts';
import { modelsQuery } from '../../state/queries.ts';
import { IconArrowLeft, IconPhone } from '../../ui/icons.ts';
import { LinkedText } from '../../ui/linked-text.tsx';
import { Scene } from '../../ui/scene.tsx';
import { ConversationMenu } from './conversation-menu.tsx';
import classes from './conversation-view.module.css';
import { SceneMark } from '../worlds/scene-mark.tsx';
import { LeaveRoomMenu } from './room/leave-room-menu.tsx';
import type { RoomDialog } from './room/room-dialogs.tsx';
import { membersOf, titleOf } from './room/room-title.ts';
import { MemoryMark } from './memory/memory-mark.tsx';

const ConversationMemoryDialog = lazy(async () => ({
  default: (await import('./memory/conversation-memory-dialog.tsx')).ConversationMemoryDialog,
}));

const SceneDialog = lazy(async () => ({ default: (await import('../worlds/scene-dialog.tsx')).SceneDialog }));

export interface SceneHeaderProps {
  conversation: Conversation;
  /** Null = the character's portrait. */
  backgroundUrl: string | null;
  onShowReceipt: () => void;
  onRoomDialog: (dialog: RoomDialog) => void;
  /** Who is there, in rooms. */
  strip: ReactNode;
}

/** The character's scene with the name over it; fades into the page where the words begin. */
export function SceneHeader({ conversation, backgroundUrl, onShowReceipt, onRoomDialog, strip }: SceneHeaderProps) {
  const { t } = useTranslation('talk');
  const { character, mine } = conversation;
  const title = conversation.room === null ? character.name : titleOf(conversation);
  const [memoryShown, setMemoryShown] = useState(false);
  const showMemory = () => setMemoryShown(true);
  const [sceneShown, setSceneShown] = useState(false);
  const tagline = useTagline(conversation);
  return (
    <>
      <div className={classes['scene']} data-part="scene" aria-hidden>
        <Scene pictureUrl={backgroundUrl ?? character.pictureUrl} alt="" seed={character.id} />
      </div>
      <header className={classes['head']}>
        <Link to="/" className={classes['back']} data-part="glass" aria-label={t('header.back')}>
          <IconArrowLeft size={22} aria-hidden />
        </Link>
        <div className={classes['who']}>
          <h1>{title}</h1>
          <p>{tagline}</p>
          <SceneMark scene={conversation.scene} onOpen={mine ? () => setSceneShown(true) : null} />
          {mine && <MemoryMark memory={conversation.memory} onOpen={showMemory} />}
        </div>
        {mine ? (
          <>
            <CallLink conversationId={conversation.id} name={title} />
            <ConversationMenu {...{ conversation, onShowReceipt, onRoomDialog }} onShowMemory={showMemory} />
          </>
        ) : (
          <LeaveRoomMenu conversation={conversation} />
        )}
      </header>
      <Suspense>
        {sceneShown && <SceneDialog conversation={conversation} onClose={() => setSceneShown(false)} />}
        {memoryShown && <ConversationMemoryDialog conversation={conversation} onClose={() => setMemoryShown(false)} />}
      </Suspense>
      {strip}
      {mine ? (
        <FallbackNote pinnedModel={conversation.model} />
      ) : (
        <div className={classes['fallback']} data-part="fallback" />
      )}
    </>
  );
}

function CallLink({ conversationId, name }: { conversationId: string; name: string }) {
  const { t } = useTranslation('call');
  return (
    <Link
      to="/call/$conversationId"
      params={{ conversationId }}
      className={classes['call']}
      aria-label={t('buttonName', { name })}
    >
      <IconPhone size={18} aria-hidden />
      <span>{t('button')}</span>
    </Link>
  );
}

/** Who it is with: the character's own words, or how many are there. */
function useTagline(conversation: Conversation): string {
  const { t } = useTranslation(['common', 'room']);
  const { tagline } = conversation.character;
  if (conversation.room === null) {
    return tagline === '' ? t('common:aiCharacterPlain') : t('common:aiCharacter', { tagline });
  }
  const members = membersOf(conversation);
  const characters = members.filter(({ kind }) => kind === 'character').length;
  const humans = members.length - characters;
  return t('room:company', {
    characters: t('room:characters', { count: characters }),
    humans: t('room:humans', { count: humans }),
  });
}

/** Said wherever the small stand-in answers, with the way to a better one. */
function FallbackNote({ pinnedModel }: { pinnedModel: string | null }) {
  const { t } = useTranslation('talk');
  const { data } = useQuery(modelsQuery);
  const pinned = data?.models.find((model) => model.ref === pinnedModel);
  const fallback = pinnedModel === null ? data?.active?.fallback === true : pinned?.fallback === true;
  return (
    <div className={classes['fallback']} data-part="fallback">
      {fallback && (
        <p>
          <LinkedText text={t('fallbackNote')} link={<Link to="/settings/$section" params={{ section: 'models' }} />} />
        </p>
      )}
    </div>
  );
}
