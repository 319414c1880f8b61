import { useTranslation } from 'react-i18next';
import type { BranchMark } from '../../../contract/branches.ts';
import { formatNumber } from '../../state/format.ts';
import type { TreeModel } from './tree-model.ts';
import { runAt } from './tree-model.ts';

export interface RunLabels {
  /** Who begins it and with which words. */
  words: (place: number) => string;
  length: (place: number) => string;
  /** The names that stand in it, joined; empty where there are none. */
  names: (place: number) => string;
  markName: (mark: BranchMark) => string;
  /** All of it in one sentence, for those who hear it. */
  spoken: (place: number) => string;
}

/** A run of the tree in words. */
export function useRunLabels(model: TreeModel): RunLabels {
  const { t } = useTranslation('tree');
  const words = (place: number): string => {
    const run = runAt(model, place);
    if (run === undefined) return '';
    if (run.state === 'deleted') return t('deleted');
    if (run.state === 'withheld') return t('withheld');
    const name = run.by === 'human' && run.name === '' ? t('you') : run.by === 'narrator' ? t('story') : run.name;
    const said = run.words === '' ? t('wordless', { position: formatNumber(run.depth + 1) }) : run.words;
    return t('words', { name, words: said });
  };
  const length = (place: number) => t('length', { count: runAt(model, place)?.length ?? 0 });
  const markName = ({ name, kind, depth }: BranchMark): string => {
    if (name !== '') return name;
    const position = formatNumber(depth + 1);
    return kind === 'checkpoint' ? t('markName', { position }) : t('branchName', { position });
  };
  const names = (place: number) => (model.marks.get(place) ?? []).map(markName).join(' · ');
  const spoken = (place: number): string => {
    const values = { label: words(place), length: length(place) };
    const active = runAt(model, place)?.active ?? 0;
    const told =
      place === model.here ? t('placeHere', values) : active > 0 ? t('placeOnPath', values) : t('place', values);
    return names(place) === '' ? told : t('named', { names: names(place), place: told });
  };
  return { words, length, names, markName, spoken };
}
