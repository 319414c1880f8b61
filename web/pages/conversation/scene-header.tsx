import { Link } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import { Suspense, lazy, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../contract/conversations.ts';
import { characterVersionQuery, modelsQuery } from '../../state/queries.ts';
import { IconArrowLeft, IconPhone } from '../../ui/icons.ts';
import { LinkedText } from '../../ui/linked-text.tsx';
import { Scene } from '../../ui/scene.tsx';
import { ConversationMenu } from './conversation-menu.tsx';
import classes from './conversation-view.module.css';
import { SceneMark } from '../worlds/scene-mark.tsx';
import { MemoryMark } from './memory/memory-mark.tsx';

const ConversationMemoryDialog = lazy(async () => ({
  default: (await import('./memory/conversation-memory-dialog.tsx')).ConversationMemoryDialog,
}));

const SceneDialog = lazy(async () => ({ default: (await import('../worlds/scene-dialog.tsx')).SceneDialog }));

export interface SceneHeaderProps {
  conversation: Conversation;
  onShowReceipt: () => void;
}

/** The character's scene with the name over it; fades into the page where the words begin. */
export function SceneHeader({ conversation, onShowReceipt }: SceneHeaderProps) {
  const { t } = useTranslation(['talk', 'common', 'call']);
  const { character } = conversation;
  const [memoryShown, setMemoryShown] = useState(false);
  const showMemory = () => setMemoryShown(true);
  const [sceneShown, setSceneShown] = useState(false);
  const tagline =
    character.tagline === '' ? t('common:aiCharacterPlain') : t('common:aiCharacter', { tagline: character.tagline });
  return (
    <>
      <div className={classes['scene']} data-part="scene" aria-hidden>
        <Backdrop conversation={conversation} />
      </div>
      <header className={classes['head']}>
        <Link to="/" className={classes['back']} data-part="glass" aria-label={t('talk:header.back')}>
          <IconArrowLeft size={22} aria-hidden />
        </Link>
        <div className={classes['who']}>
          <h1>{character.name}</h1>
          <p>{tagline}</p>
          <SceneMark scene={conversation.scene} onOpen={() => setSceneShown(true)} />
          <MemoryMark memory={conversation.memory} onOpen={showMemory} />
        </div>
        <Link
          to="/call/$conversationId"
          params={{ conversationId: conversation.id }}
          className={classes['call']}
          aria-label={t('call:buttonName', { name: character.name })}
        >
          <IconPhone size={18} aria-hidden />
          <span>{t('call:button')}</span>
        </Link>
        <ConversationMenu conversation={conversation} onShowReceipt={onShowReceipt} onShowMemory={showMemory} />
      </header>
      <Suspense>
        {sceneShown && <SceneDialog conversation={conversation} onClose={() => setSceneShown(false)} />}
        {memoryShown && <ConversationMemoryDialog conversation={conversation} onClose={() => setMemoryShown(false)} />}
      </Suspense>
      <FallbackNote pinnedModel={conversation.model} />
    </>
  );
}

/** The character's own background where the card brings one, else the portrait. */
function Backdrop({ conversation: { character, locale } }: { conversation: Conversation }) {
  const { data } = useQuery(characterVersionQuery(character.id, character.versionId, locale));
  const backgrounds = data?.pictures.filter(({ type }) => type === 'background') ?? [];
  const background = backgrounds.find(({ name }) => name === 'main') ?? backgrounds[0];
  return <Scene pictureUrl={background?.url ?? character.pictureUrl} alt="" seed={character.id} />;
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
