import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useGuard } from '../../../state/use-guard.ts';
import { callV1 } from '../call-v1.ts';
import { exampleOf } from '../code/example-tasks.ts';

/** Has an answer said by a voice of the house, over `/v1/audio/speech`. */
export function SpeakAnswer({ text }: { text: string }) {
  const { t } = useTranslation('developers');
  const guard = useGuard();
  const [sound, setSound] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const asking = useRef<AbortController | null>(null);
  useEffect(() => () => asking.current?.abort(), []);
  useEffect(() => () => void (sound !== null && URL.revokeObjectURL(sound)), [sound]);
  async function speak(): Promise<void> {
    const { signal } = (asking.current = new AbortController());
    const { path, body } = exampleOf('speech', { model: '', character: '' });
    setBusy(true);
    const response = await guard(
      callV1({ path, body: { ...body, input: text }, signal }).catch((error: unknown) => {
        if (signal.aborted) return undefined;
        throw error;
      }),
    );
    if (response !== undefined) setSound(URL.createObjectURL(await response.blob()));
    setBusy(false);
  }
  if (sound !== null) {
    // What it says stands above.
    // oxlint-disable-next-line jsx-a11y/media-has-caption
    return <audio controls autoPlay src={sound} aria-label={t('playground.sound')} />;
  }
  return (
    <Button variant="subtle" px={0} loading={busy} onClick={() => void speak()}>
      {t('playground.speak')}
    </Button>
  );
}
