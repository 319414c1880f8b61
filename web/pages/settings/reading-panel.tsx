import { Slider } from '@mantine/core';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { WORD_SIZE, lineHeightSchema, measureSchema, narrationFaceSchema } from '../../../contract/accounts.ts';
import type { UpdateMe } from '../../../contract/accounts.ts';
import { applyAppearance } from '../../state/appearance.ts';
import { useGuard } from '../../state/use-guard.ts';
import { useMe, useUpdateMe } from '../../state/use-me.ts';
import { ChoiceCards } from '../../ui/choice-cards.tsx';
import { Prose } from '../conversation/prose.tsx';

/** How the words of conversations are set; kept with the account, so every device has it. */
export function ReadingPanel() {
  const { t } = useTranslation('looks');
  const { preferences } = useMe();
  const guard = useGuard();
  const updateMe = useUpdateMe();
  const save = async (change: UpdateMe['preferences']) => {
    await guard(updateMe({ preferences: change }));
  };
  return (
    <>
      <WordSize />
      <ChoiceCards
        label={t('measure.label')}
        value={preferences.measure}
        choices={measureSchema.options.map((value) => ({ value, label: t(`measure.${value}`) }))}
        onChange={(measure) => save({ measure })}
      />
      <ChoiceCards
        label={t('lineHeight.label')}
        value={preferences.lineHeight}
        choices={lineHeightSchema.options.map((value) => ({ value, label: t(`lineHeight.${value}`) }))}
        onChange={(lineHeight) => save({ lineHeight })}
      />
      <ChoiceCards
        label={t('narration.label')}
        value={preferences.narrationFace}
        choices={narrationFaceSchema.options.map((value) => ({ value, label: t(`narration.${value}`) }))}
        onChange={(narrationFace) => save({ narrationFace })}
      />
      <Prose text={t('sample')} />
    </>
  );
}

/** The words follow the thumb; what it stands on when it is let go is kept. */
function WordSize() {
  const { t } = useTranslation('looks');
  const { preferences } = useMe();
  const [moving, setMoving] = useState<number | null>(null);
  const guard = useGuard();
  const updateMe = useUpdateMe();
  const id = useId();
  const value = moving ?? preferences.wordSize;
  return (
    <div>
      <p id={id}>{t('wordSize', { percent: value })}</p>
      <Slider
        min={WORD_SIZE.least}
        max={WORD_SIZE.most}
        step={WORD_SIZE.step}
        value={value}
        label={null}
        thumbProps={{ 'aria-labelledby': id, 'aria-valuetext': `${value} %` }}
        onChange={(wordSize) => {
          setMoving(wordSize);
          applyAppearance({ ...preferences, wordSize });
        }}
        onChangeEnd={(wordSize) => {
          void guard(updateMe({ preferences: { wordSize } })).finally(() => setMoving(null));
        }}
      />
    </div>
  );
}
