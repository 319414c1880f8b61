import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Character } from '../../../contract/characters.ts';
import type { CharacterDetails } from '../../../contract/library.ts';
import { currentLocale } from '../../state/i18n.ts';
import { characterDetailsQuery, characterQuery } from '../../state/queries.ts';
import { useIsNarrow } from '../../state/use-is-narrow.ts';
import { useMe } from '../../state/use-me.ts';
import { usePageTitle } from '../../state/use-page-title.ts';
import { useStartConversation } from '../../state/use-start-conversation.ts';
import {
  IconArrowLeft,
  IconBrain,
  IconCopy,
  IconHeart,
  IconHeartFilled,
  IconPencil,
  IconPhone,
  IconMap,
  IconTrash,
} from '../../ui/icons.ts';
import { LoadingPage } from '../../ui/loading-page.tsx';
import { NotFoundPage } from '../../ui/not-found-page.tsx';
import { Scene } from '../../ui/scene.tsx';
import { CharacterLore } from '../books/character-lore.tsx';
import { CharacterConversations } from './character-conversations.tsx';
import { Prose } from '../conversation/prose.tsx';
import { CharacterVoice } from '../voices/character-voice.tsx';
import { CharacterPersona } from '../personas/character-persona.tsx';
import { useFavourite } from '../library/use-favourite.ts';
import { CharacterBook, CharacterStatistics, CharacterVersions } from './character-facts.tsx';
import { CharacterMarks } from './character-marks.tsx';
import classes from './character-page.module.css';
import { CharacterTabs } from './character-tabs.tsx';
import { ExportButton } from './export/export-button.tsx';
import { Greetings } from './greetings.tsx';
import { useForkCharacter } from '../versions/use-fork-character.ts';
import { useDeleteCharacter } from './use-delete-character.ts';
import { BeginWithCharacterSheet } from '../worlds/begin-in-world-sheet.tsx';
import { worldsQuery } from '../worlds/world-queries.ts';
import { withNames } from './with-names.ts';

const route = getRouteApi('/inside/frame/characters/$characterId');

export function CharacterPage() {
  const { t } = useTranslation('characters');
  const { characterId } = route.useParams();
  const query = useQuery(characterQuery(characterId, currentLocale()));
  usePageTitle(query.data?.name ?? t('title'));
  if (query.isError) return <NotFoundPage />;
  if (query.data === undefined) return <LoadingPage />;
  return <CharacterView character={query.data} />;
}

function CharacterView({ character }: { character: Character }) {
  const { t } = useTranslation(['characters', 'common', 'call']);
  const { start, call, starting } = useStartConversation();
  const { data: details } = useQuery(characterDetailsQuery(character.id));
  const { tagline } = character;
  return (
    <article className={classes['page']}>
      <header className={classes['hero']}>
        <Scene pictureUrl={character.pictureUrl} alt={character.pictureAlt} seed={character.id} />
        <Link to="/characters" className={classes['back']} aria-label={t('common:back')}>
          <IconArrowLeft size={22} aria-hidden />
        </Link>
        {details !== undefined && <FavouriteHeart character={character} favourite={details.mark.favourite} />}
        <div className={classes['name']}>
          <h1>{character.name}</h1>
          <p>{tagline === '' ? t('common:aiCharacterPlain') : t('common:aiCharacter', { tagline })}</p>
        </div>
      </header>
      <div className={classes['body']}>
        <div className={classes['buttons']}>
          <Button size="md" loading={starting !== null} onClick={() => void start(character.id)}>
            {t('characters:talk', { name: character.name })}
          </Button>
          <Button
            size="md"
            variant="default"
            disabled={starting !== null}
            leftSection={<IconPhone size={18} aria-hidden />}
            onClick={() => void call(character.id)}
            aria-label={t('call:buttonName', { name: character.name })}
          >
            {t('call:button')}
          </Button>
          <InWorldButton characterId={character.id} />
          <MemoryButton characterId={character.id} />
          {character.mine ? <OwnerButtons character={character} /> : <ForkButton characterId={character.id} />}
          <ExportButton character={character} />
        </div>
        <CreatorNotes notes={character.creatorNotes} />
        <Parts character={character} details={details} />
        <Origin character={character} />
      </div>
    </article>
  );
}

/** Where there are worlds: a conversation that happens in one. */
function InWorldButton({ characterId }: { characterId: string }) {
  const { t } = useTranslation('worlds');
  const { data: worlds = [] } = useQuery(worldsQuery);
  const [open, setOpen] = useState(false);
  if (worlds.length === 0) return null;
  return (
    <>
      <Button size="md" variant="default" leftSection={<IconMap size={18} aria-hidden />} onClick={() => setOpen(true)}>
        {t('beginIn')}
      </Button>
      {open && <BeginWithCharacterSheet characterId={characterId} onClose={() => setOpen(false)} />}
    </>
  );
}

function MemoryButton({ characterId }: { characterId: string }) {
  const { t } = useTranslation('memory');
  return (
    <Button
      size="md"
      variant="default"
      leftSection={<IconBrain size={18} aria-hidden />}
      renderRoot={(props) => <Link {...props} to="/characters/$characterId/memory" params={{ characterId }} />}
    >
      {t('title')}
    </Button>
  );
}

function FavouriteHeart({ character, favourite }: { character: Character; favourite: boolean }) {
  const { t } = useTranslation('library');
  const favour = useFavourite();
  return (
    <button
      type="button"
      className={classes['heart']}
      aria-pressed={favourite}
      aria-label={t('favour', { name: character.name })}
      onClick={() => void favour({ id: character.id, favourite })}
    >
      {favourite ? <IconHeartFilled size={22} aria-hidden /> : <IconHeart size={22} aria-hidden />}
    </button>
  );
}

/** Meant to be read before the first word (V3 asks for a prominent place). */
function CreatorNotes({ notes }: { notes: string }) {
  const { t } = useTranslation('characters');
  if (notes.trim() === '') return null;
  return (
    <aside className={classes['notes']}>
      <h2>{t('creatorNotes')}</h2>
      <Prose text={notes} />
    </aside>
  );
}

/** Who the person is to the character, and how it sounds to them. */
function YoursToo({ character }: { character: Character }) {
  const me = useMe();
  const { id, name, greetings } = character;
  return (
    <>
      <CharacterPersona characterId={id} name={name} />
      <CharacterVoice
        characterId={id}
        name={name}
        greeting={withNames(greetings[0] ?? '', { char: name, user: me.name })}
      />
    </>
  );
}

/** Side by side on wide screens, behind tabs on narrow ones. */
function Parts({ character, details }: { character: Character; details: CharacterDetails | undefined }) {
  const { t } = useTranslation('characters');
  const narrow = useIsNarrow();
  const about = (
    <>
      <Greetings character={character} />
      <Sections character={character} />
    </>
  );
  const marks = details && <CharacterMarks character={character} mark={details.mark} />;
  const lore = (
    <>
      {details?.book && <CharacterBook book={details.book} />}
      <CharacterLore characterId={character.id} />
    </>
  );
  const talks = (
    <>
      {details && <CharacterStatistics statistics={details.statistics} />}
      <CharacterConversations characterId={character.id} />
    </>
  );
  const persona = <YoursToo character={character} />;
  const versions = details && <CharacterVersions characterId={character.id} details={details} />;
  if (!narrow) {
    return (
      <div className={classes['columns']}>
        <div className={classes['column']}>
          {about}
          {lore}
        </div>
        <div className={classes['column']}>
          {marks}
          {persona}
          {talks}
          {versions}
        </div>
      </div>
    );
  }
  const tabs = [
    { key: 'about', label: t('tabs.about'), content: about },
    { key: 'lore', label: t('tabs.lore'), content: lore },
    { key: 'talks', label: t('tabs.talks'), content: talks },
    {
      key: 'yours',
      label: t('tabs.yours'),
      content: (
        <>
          {marks}
          {persona}
          {versions}
        </>
      ),
    },
  ];
  return <CharacterTabs tabs={tabs} label={character.name} />;
}

function OwnerButtons({ character }: { character: Character }) {
  const { t } = useTranslation('characters');
  const deleteCharacter = useDeleteCharacter();
  return (
    <>
      <Button
        variant="default"
        size="md"
        leftSection={<IconPencil size={18} aria-hidden />}
        renderRoot={(props) => (
          <Link {...props} to="/characters/$characterId/edit" params={{ characterId: character.id }} />
        )}
      >
        {t('edit')}
      </Button>
      <Button
        variant="default"
        size="md"
        leftSection={<IconTrash size={18} aria-hidden />}
        onClick={() => void deleteCharacter(character)}
      >
        {t('delete')}
      </Button>
    </>
  );
}

function ForkButton({ characterId }: { characterId: string }) {
  const { t } = useTranslation('editor');
  const { fork, forking } = useForkCharacter();
  return (
    <Button
      variant="default"
      size="md"
      loading={forking}
      leftSection={<IconCopy size={18} aria-hidden />}
      onClick={() => void fork(characterId)}
    >
      {t('versions.makeMine')}
    </Button>
  );
}

function Sections({ character }: { character: Character }) {
  const { t } = useTranslation('characters');
  const me = useMe();
  const sections = [
    { title: t('about'), text: character.description },
    { title: t('personality'), text: character.personality },
    { title: t('scenario'), text: character.scenario },
  ];
  return sections
    .filter(({ text }) => text.trim() !== '')
    .map(({ title, text }) => (
      <section key={title}>
        <h2>{title}</h2>
        <p className={classes['text']}>{withNames(text, { char: character.name, user: me.name })}</p>
      </section>
    ));
}

function Origin({ character }: { character: Character }) {
  const { t } = useTranslation(['characters', 'common']);
  const languages = character.locales.map((locale) => t(`common:language.${locale}`));
  const facts = [
    character.creator === '' ? null : t('characters:by', { creator: character.creator }),
    <Link key="versions" to="/characters/$characterId/versions" params={{ characterId: character.id }}>
      {t('characters:versionOf', { version: character.version })}
    </Link>,
    languages.length === 0 ? null : t('characters:speaks', { languages: languages.join(' · ') }),
    character.keptUnused.length === 0 ? null : t('characters:keptUnused', { parts: character.keptUnused.join(', ') }),
  ];
  return (
    <ul className={classes['origin']}>
      {facts
        .filter((fact) => fact !== null)
        .map((fact) => (
          <li key={typeof fact === 'string' ? fact : fact.key}>{fact}</li>
        ))}
    </ul>
  );
}
