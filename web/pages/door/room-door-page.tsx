import { Button, TextInput } from '@mantine/core';
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RoomDoor } from '../../../contract/rooms.ts';
import { ApiError } from '../../../client/api-error.ts';
import { api } from '../../state/api.ts';
import { currentLocale } from '../../state/i18n.ts';
import { meQuery } from '../../state/queries.ts';
import { useErrorText } from '../../state/use-error-text.ts';
import { LoadingPage } from '../../ui/loading-page.tsx';
import { listNames } from '../conversation/room/room-title.ts';
import classes from './door-page.module.css';
import { DoorPage } from './door-page.tsx';

const roomDoorQuery = (token: string) =>
  queryOptions({
    queryKey: ['roomDoor', token],
    queryFn: ({ signal }) => api.call('roomDoor', { params: { token }, signal }),
    enabled: token.length >= 16,
    retry: false,
  });

/** `/room#TOKEN`: who is there, and how one wants to be called. The token stays in the fragment, which browsers never send. */
export function RoomDoorPage() {
  const { t } = useTranslation('room');
  const errorText = useErrorText();
  const [token] = useState(() => decodeURIComponent(location.hash.slice(1)));
  const { data: door, error } = useQuery(roomDoorQuery(token));
  if (token.length < 16) return <DoorPage title={t('entrance.closedTitle')} lead={t('entrance.missing')} />;
  if (error !== null) {
    const closed = error instanceof ApiError && error.status === 404;
    return <DoorPage title={t('entrance.closedTitle')} lead={closed ? t('entrance.closedBody') : errorText(error)} />;
  }
  return door === undefined ? <LoadingPage /> : <OpenDoor door={door} token={token} />;
}

function OpenDoor({ door, token }: { door: RoomDoor; token: string }) {
  const { t } = useTranslation('room');
  const { title, names, hostName, pictureUrl, conversationId, signedIn } = door;
  const lead =
    names.length === 0 ? t('entrance.leadPlain', { title }) : t('entrance.lead', { title, names: listNames(names) });
  return (
    <DoorPage title={t('entrance.title', { host: hostName })} lead={lead}>
      {pictureUrl !== null && <img className={classes['picture']} src={pictureUrl} alt="" />}
      <EnterForm token={token} isBack={conversationId !== null} needsName={!signedIn} />
      <p className={classes['other']}>{t('entrance.truth')}</p>
    </DoorPage>
  );
}

function EnterForm({ token, isBack, needsName }: { token: string; isBack: boolean; needsName: boolean }) {
  const { t } = useTranslation('room');
  const errorText = useErrorText();
  const comeIn = useComeIn();
  const [name, setName] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function submit(): Promise<void> {
    setBusy(true);
    try {
      await comeIn(token, needsName ? name : undefined);
    } catch (error) {
      setProblem(errorText(error));
    } finally {
      setBusy(false);
    }
  }

  return (
    <form
      className={classes['form']}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {needsName && (
        <TextInput
          label={t('entrance.name')}
          description={t('entrance.nameHint')}
          value={name}
          maxLength={60}
          autoComplete="nickname"
          required
          size="md"
          onChange={(event) => setName(event.currentTarget.value)}
        />
      )}
      {problem !== null && (
        <p className={classes['problem']} role="alert">
          {problem}
        </p>
      )}
      <Button type="submit" size="md" loading={busy} disabled={needsName && name.trim() === ''}>
        {isBack ? t('entrance.back') : t('entrance.enter')}
      </Button>
    </form>
  );
}

/** Comes in and goes to the room: as whoever is signed in, or as a new guest. Rejects with `ApiError`. */
function useComeIn(): (token: string, name: string | undefined) => Promise<void> {
  const queryClient = useQueryClient();
  const router = useRouter();
  return async (token, name) => {
    const body = name === undefined ? {} : { name };
    const { conversationId } = await api.call('enterRoom', { params: { token }, body });
    queryClient.clear();
    const me = await queryClient.fetchQuery(meQuery);
    if (!me.onboarded || me.locale === null) {
      const welcomed = await api.call('updateMe', { body: { onboarded: true, locale: currentLocale() } });
      queryClient.setQueryData(meQuery.queryKey, welcomed);
    }
    await router.navigate({ to: '/c/$conversationId', params: { conversationId }, replace: true });
  };
}
