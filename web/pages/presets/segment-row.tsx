import { useSortable } from '@dnd-kit/sortable';
import { Switch } from '@mantine/core';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PresetSegment } from '../../../contract/prompts.ts';
import { IconArrowDown, IconArrowUp, IconChevronDown, IconGripVertical } from '../../ui/icons.ts';
import { estimateTokens } from './estimate-tokens.ts';
import classes from './presets.module.css';
import { SegmentFields } from './segment-fields.tsx';
import { useSegmentName } from './use-segment-name.ts';

export interface SegmentRowProps {
  segment: PresetSegment;
  fixed: boolean;
  isFirst: boolean;
  isLast: boolean;
  /** Up is −1, down is 1. */
  onMove: (by: number) => void;
  onChange: (change: Partial<PresetSegment>) => void;
  onRemove: () => void;
}

export function SegmentRow({ segment, onRemove, ...head }: SegmentRowProps) {
  const { t } = useTranslation('presets');
  const nameOf = useSegmentName();
  const id = useId();
  const [open, setOpen] = useState(false);
  const { fixed, onChange } = head;
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, transition, isDragging } = useSortable({
    id: segment.id,
    disabled: fixed,
  });
  const style = {
    transform: transform ? `translate3d(0, ${Math.round(transform.y)}px, 0)` : undefined,
    transition: transition ?? undefined,
  };
  return (
    <li
      ref={setNodeRef}
      style={style}
      className={classes['segment']}
      data-dragging={isDragging}
      data-off={!segment.enabled}
    >
      <div className={classes['segmentHead']}>
        {!fixed && (
          <button
            type="button"
            ref={setActivatorNodeRef}
            className={classes['grip']}
            {...attributes}
            {...listeners}
            aria-label={t('segments.drag', { name: nameOf(segment) })}
          >
            <IconGripVertical size={18} aria-hidden />
          </button>
        )}
        <SegmentHead {...head} segment={segment} open={open} bodyId={id} onToggle={() => setOpen(!open)} />
      </div>
      {open && (
        <div id={id} className={classes['segmentBody']}>
          <SegmentFields segment={segment} fixed={fixed} onChange={onChange} onRemove={onRemove} />
        </div>
      )}
    </li>
  );
}

type SegmentHeadProps = Omit<SegmentRowProps, 'onRemove'> & { open: boolean; bodyId: string; onToggle: () => void };

function SegmentHead({ segment, fixed, isFirst, isLast, onMove, onChange, ...details }: SegmentHeadProps) {
  const { t } = useTranslation('presets');
  const name = useSegmentName()(segment);
  return (
    <>
      <button
        type="button"
        className={classes['segmentName']}
        aria-expanded={details.open}
        aria-controls={details.bodyId}
        onClick={details.onToggle}
      >
        <span className={classes['name']}>{name}</span>
        <span className={classes['about']}>
          <SegmentSummary segment={segment} />
        </span>
        <IconChevronDown size={16} aria-hidden className={classes['chevron']} />
      </button>
      {!fixed && (
        <>
          <MoveButton label={t('segments.up', { name })} disabled={isFirst} onClick={() => onMove(-1)}>
            <IconArrowUp size={18} aria-hidden />
          </MoveButton>
          <MoveButton label={t('segments.down', { name })} disabled={isLast} onClick={() => onMove(1)}>
            <IconArrowDown size={18} aria-hidden />
          </MoveButton>
        </>
      )}
      <Switch
        aria-label={t('segments.use', { name })}
        checked={segment.enabled}
        disabled={fixed}
        onChange={(event) => onChange({ enabled: event.currentTarget.checked })}
      />
    </>
  );
}

interface MoveButtonProps {
  label: string;
  disabled: boolean;
  onClick: () => void;
  children: React.ReactNode;
}

function MoveButton({ label, disabled, onClick, children }: MoveButtonProps) {
  return (
    <button type="button" className={classes['move']} aria-label={label} disabled={disabled} onClick={onClick}>
      {children}
    </button>
  );
}

/** Where it comes from, where it stands, and about how long it is. */
function SegmentSummary({ segment }: { segment: PresetSegment }) {
  const { t } = useTranslation(['presets', 'common']);
  const { name, slot, role, depth, text } = segment;
  const parts = [
    ...(name.trim() === '' || slot === 'custom' ? [] : [t(`presets:slots.${slot}`)]),
    ...(role === 'system' ? [] : [t(`common:promptRole.${role}`)]),
    ...(depth === null ? [] : [t('presets:segments.atDepth', { count: depth })]),
    ...(text === null || text === '' ? [] : [t('presets:segments.tokens', { count: estimateTokens(text) })]),
    ...(text === '' ? [t('presets:segments.empty')] : []),
  ];
  return parts.length === 0 ? t(`presets:slotHints.${slot}`) : parts.join(' · ');
}
