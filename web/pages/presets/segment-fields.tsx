import { Button, NativeSelect, NumberInput, Switch, TextInput, Textarea } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { promptRoleSchema, type PresetSegment } from '../../../contract/prompts.ts';
import { IconTrash } from '../../ui/icons.ts';
import { Stack } from '../../ui/stack.tsx';
import { estimateTokens } from './estimate-tokens.ts';
import classes from './presets.module.css';

export interface SegmentFieldsProps {
  segment: PresetSegment;
  fixed: boolean;
  onChange: (change: Partial<PresetSegment>) => void;
  onRemove: () => void;
}

/** Slots that the preset may put into words of its own. */
const WORDED: ReadonlySet<PresetSegment['slot']> = new Set([
  'house',
  'persona',
  'character',
  'personality',
  'scenario',
  'post-history',
  'spoken',
  'room',
  'world',
  'custom',
]);
/** Slots that stand as a block in the middle and cannot go into the history. */
const BLOCKS: ReadonlySet<PresetSegment['slot']> = new Set(['history', 'examples', 'note']);

export function SegmentFields({ segment, fixed, onChange, onRemove }: SegmentFieldsProps) {
  const { t } = useTranslation('presets');
  const { slot } = segment;
  const isCustom = slot === 'custom';
  return (
    <Stack>
      <p className={classes['hint']}>{t(`slotHints.${slot}`)}</p>
      {isCustom && (
        <TextInput
          label={t('segments.name')}
          value={segment.name}
          maxLength={1000}
          readOnly={fixed}
          onChange={(event) => onChange({ name: event.currentTarget.value })}
        />
      )}
      {WORDED.has(slot) && <SegmentText {...{ segment, fixed, onChange }} />}
      {!BLOCKS.has(slot) && <SegmentPlace {...{ segment, fixed, onChange }} />}
      {(slot === 'house' || slot === 'post-history') && (
        <Switch
          label={t('segments.forbid')}
          description={t('segments.forbidHint')}
          checked={segment.forbidOverrides}
          disabled={fixed}
          onChange={(event) => onChange({ forbidOverrides: event.currentTarget.checked })}
        />
      )}
      {isCustom && !fixed && (
        <div>
          <Button variant="default" leftSection={<IconTrash size={16} aria-hidden />} onClick={onRemove}>
            {t('segments.remove')}
          </Button>
        </div>
      )}
    </Stack>
  );
}

type PartProps = Omit<SegmentFieldsProps, 'onRemove'>;

function SegmentText({ segment, fixed, onChange }: PartProps) {
  const { t } = useTranslation('presets');
  const { slot, text } = segment;
  const isCustom = slot === 'custom';
  const field: Partial<Record<PresetSegment['slot'], string>> = {
    persona: '{{persona}}',
    character: '{{description}}',
    personality: '{{personality}}',
    scenario: '{{scenario}}',
  };
  return (
    <>
      {!isCustom && (
        <Switch
          label={t('segments.ownWords')}
          description={t('segments.ownWordsHint')}
          checked={text !== null}
          disabled={fixed}
          onChange={(event) => onChange({ text: event.currentTarget.checked ? (field[slot] ?? '') : null })}
        />
      )}
      {text !== null && (
        <Textarea
          label={t('segments.text')}
          description={t('segments.textHint', { user: '{{user}}', char: '{{char}}' })}
          value={text}
          rows={6}
          maxLength={200_000}
          readOnly={fixed}
          onChange={(event) => onChange({ text: event.currentTarget.value })}
        />
      )}
      {text !== null && <p className={classes['hint']}>{t('segments.tokens', { count: estimateTokens(text) })}</p>}
    </>
  );
}

function SegmentPlace({ segment, fixed, onChange }: PartProps) {
  const { t } = useTranslation(['presets', 'common']);
  const { role, depth, order } = segment;
  const whole = (value: number | string, otherwise: number) => (typeof value === 'number' ? value : otherwise);
  return (
    <div className={classes['place']}>
      <NativeSelect
        label={t('presets:segments.role')}
        value={role}
        disabled={fixed}
        data={promptRoleSchema.options.map((value) => ({ value, label: t(`common:promptRole.${value}`) }))}
        onChange={(event) => onChange({ role: promptRoleSchema.parse(event.currentTarget.value) })}
      />
      <NativeSelect
        label={t('presets:segments.place')}
        value={depth === null ? 'order' : 'depth'}
        disabled={fixed}
        data={[
          { value: 'order', label: t('presets:segments.inOrder') },
          { value: 'depth', label: t('presets:segments.inHistory') },
        ]}
        onChange={(event) => onChange({ depth: event.currentTarget.value === 'depth' ? 4 : null })}
      />
      {depth !== null && (
        <>
          <NumberInput
            label={t('presets:segments.depth')}
            description={t('presets:segments.depthHint')}
            min={0}
            max={10_000}
            allowDecimal={false}
            hideControls
            disabled={fixed}
            value={depth}
            onChange={(value) => onChange({ depth: whole(value, 0) })}
          />
          <NumberInput
            label={t('presets:segments.rank')}
            description={t('presets:segments.rankHint')}
            hideControls
            disabled={fixed}
            value={order}
            onChange={(value) => onChange({ order: whole(value, 100) })}
          />
        </>
      )}
    </div>
  );
}
