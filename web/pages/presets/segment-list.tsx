import {
  DndContext,
  KeyboardSensor,
  PointerSensor,
  closestCenter,
  useSensor,
  useSensors,
  type Announcements,
  type DragEndEvent,
} from '@dnd-kit/core';
import {
  SortableContext,
  arrayMove,
  sortableKeyboardCoordinates,
  verticalListSortingStrategy,
} from '@dnd-kit/sortable';
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PresetSegment } from '../../../contract/prompts.ts';
import { IconPlus } from '../../ui/icons.ts';
import { estimateTokens } from './estimate-tokens.ts';
import classes from './presets.module.css';
import { SegmentRow } from './segment-row.tsx';
import { useSegmentName } from './use-segment-name.ts';

/** As many as the server takes. */
const MAX_SEGMENTS = 500;

export interface SegmentListProps {
  segments: readonly PresetSegment[];
  /** True for presets that can only be looked at. */
  fixed: boolean;
  onChange: (segments: PresetSegment[]) => void;
}

/** What a prompt is made of, in order: moved by dragging, with the arrow buttons, or from the keyboard. */
export function SegmentList({ segments, fixed, onChange }: SegmentListProps) {
  const { t } = useTranslation('presets');
  const [moved, setMoved] = useState('');
  const nameOf = useSegmentName();
  const total = segments
    .filter(({ enabled }) => enabled)
    .reduce((sum, { text }) => sum + estimateTokens(text ?? ''), 0);
  const move = (from: number, to: number) => {
    const segment = segments[from];
    if (!segment || to < 0 || to >= segments.length) return;
    onChange(arrayMove([...segments], from, to));
    setMoved(t('segments.moved', { name: nameOf(segment), place: to + 1, count: segments.length }));
  };
  const replace = (id: string, change: Partial<PresetSegment>) =>
    onChange(segments.map((segment) => (segment.id === id ? { ...segment, ...change } : segment)));
  return (
    <section className={classes['panel']} aria-labelledby="segments-title">
      <h2 id="segments-title">{t('segments.title')}</h2>
      <p className={classes['lead']}>{t('segments.lead')}</p>
      <Sorting segments={segments} onMove={move}>
        <ol className={classes['segments']}>
          {segments.map((segment, place) => (
            <SegmentRow
              key={segment.id}
              segment={segment}
              fixed={fixed}
              isFirst={place === 0}
              isLast={place === segments.length - 1}
              onMove={(by) => move(place, place + by)}
              onChange={(change) => replace(segment.id, change)}
              onRemove={() => onChange(segments.filter(({ id }) => id !== segment.id))}
            />
          ))}
        </ol>
      </Sorting>
      <p className={classes['hint']}>{t('segments.total', { count: total })}</p>
      <p className="visually-hidden" role="status">
        {moved}
      </p>
      {!fixed && segments.length < MAX_SEGMENTS && <AddSegment onAdd={(segment) => onChange([...segments, segment])} />}
    </section>
  );
}

function AddSegment({ onAdd }: { onAdd: (segment: PresetSegment) => void }) {
  const { t } = useTranslation('presets');
  return (
    <div>
      <Button
        variant="default"
        leftSection={<IconPlus size={18} aria-hidden />}
        onClick={() => onAdd(newSegment(t('segments.newName')))}
      >
        {t('segments.add')}
      </Button>
    </div>
  );
}

function newSegment(name: string): PresetSegment {
  return {
    id: `own-${crypto.randomUUID()}`,
    slot: 'custom',
    name,
    enabled: true,
    role: 'system',
    text: '',
    depth: null,
    order: 100,
    forbidOverrides: false,
    foreign: {},
  };
}

interface SortingProps {
  segments: readonly PresetSegment[];
  onMove: (from: number, to: number) => void;
  children: React.ReactNode;
}

function Sorting({ segments, onMove, children }: SortingProps) {
  const { t } = useTranslation('presets');
  const nameOf = useSegmentName();
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 6 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const ids = segments.map(({ id }) => id);
  const named = (id: string | number) => {
    const segment = segments.find((candidate) => candidate.id === id);
    return segment ? nameOf(segment) : '';
  };
  const place = (id: string | number) => ids.indexOf(String(id)) + 1;
  const announcements: Announcements = {
    onDragStart: ({ active }) => t('segments.picked', { name: named(active.id) }),
    onDragOver: ({ active, over }) =>
      over ? t('segments.over', { name: named(active.id), place: place(over.id), count: ids.length }) : undefined,
    onDragEnd: () => undefined,
    onDragCancel: ({ active }) => t('segments.cancelled', { name: named(active.id) }),
  };
  const end = ({ active, over }: DragEndEvent) => {
    if (over && active.id !== over.id) onMove(ids.indexOf(String(active.id)), ids.indexOf(String(over.id)));
  };
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={closestCenter}
      onDragEnd={end}
      accessibility={{ announcements, screenReaderInstructions: { draggable: t('segments.instructions') } }}
    >
      <SortableContext items={ids} strategy={verticalListSortingStrategy}>
        {children}
      </SortableContext>
    </DndContext>
  );
}
