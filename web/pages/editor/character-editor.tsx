import { SegmentedControl } from '@mantine/core';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CharacterVersion } from '../../../contract/character-fields.ts';
import type { CreateCharacter } from '../../../contract/characters.ts';
import { useFormProblem } from '../../state/use-form-problem.ts';
import { useIsNarrow } from '../../state/use-is-narrow.ts';
import { useMe } from '../../state/use-me.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { DraftPanel } from './draft-panel.tsx';
import { EditorFormContext } from './editor-form-context.ts';
import { bodyOf, type EditorValues } from './editor-values.ts';
import { EverythingFields, type EverythingFieldsProps } from './everything-fields.tsx';
import { KeptEditsNotice } from './kept-edits-notice.tsx';
import { PreviewPane } from './preview-pane.tsx';
import { SaveBar } from './save-bar.tsx';
import { SimpleFields } from './simple-fields.tsx';
import { useDrafting } from './use-drafting.ts';
import { useEditor } from './use-editor.ts';
import { useTokenCounts } from './use-token-counts.ts';
import classes from './editor.module.css';

const MODE_KEY = 'everwith.editor-mode';
type Mode = 'simple' | 'everything';
type Pane = 'write' | 'try';

export interface CharacterEditorProps {
  /** Names what is kept on this device. */
  id: string;
  title: string;
  note?: string;
  /** The version it builds on; null for a new character. */
  base: CharacterVersion | null;
  initial: EditorValues;
  submitLabel: string;
  /** Rejects with `ApiError`, whose field is marked; answers where to go then. */
  onSave: (body: CreateCharacter) => Promise<() => Promise<void>>;
  /** After a picture was added or removed, which makes a version of its own. */
  onBase?: (base: CharacterVersion) => void;
  conflict?: ReactNode;
}

/** Writes a character: a short form for the first one, every field for the hundredth, and a talk beside it. */
export function CharacterEditor(props: CharacterEditorProps) {
  const { id, base, initial } = props;
  const { t } = useTranslation('editor');
  const me = useMe();
  const narrow = useIsNarrow();
  const editor = useEditor({ id, versionId: base?.versionId ?? null, initial });
  const drafting = useDrafting(editor);
  const tokens = useTokenCounts(editor.values);
  const problem = useFormProblem(Object.keys(initial));
  const [busy, setBusy] = useState(false);
  const [pane, setPane] = useState<Pane>('write');
  const form = useMemo(() => ({ editor, drafting, tokens, problem }), [editor, drafting, tokens, problem]);

  async function save(): Promise<void> {
    setBusy(true);
    drafting.stop();
    try {
      const leave = await props.onSave(bodyOf(editor.values, initial));
      editor.forget();
      await leave();
    } catch (error) {
      problem.set(error);
    } finally {
      setBusy(false);
    }
  }

  const panes = <PaneSwitch pane={pane} onChange={setPane} />;
  return (
    <EditorFormContext value={form}>
      <div className={classes['page']}>
        <form
          className={classes['form']}
          hidden={narrow && pane === 'try'}
          onSubmit={(event) => {
            event.preventDefault();
            void save();
          }}
        >
          <div className={classes['fields']}>
            {narrow && pane === 'write' && panes}
            <PageHeader title={props.title} {...(props.note !== undefined && { lead: props.note })} />
            <KeptEditsNotice base={base} />
            <DraftPanel />
            <FormFields base={base} onBase={props.onBase} />
            {props.conflict}
          </div>
          <SaveBar busy={busy} submitLabel={props.submitLabel} />
        </form>
        <div className={classes['try']} hidden={narrow && pane === 'write'}>
          {narrow && pane === 'try' && <div className={classes['panes']}>{panes}</div>}
          <PreviewPane userName={me.name || t('examples.you')} />
        </div>
      </div>
    </EditorFormContext>
  );
}

/** On a narrow page the form and the talk take turns. */
function PaneSwitch({ pane, onChange }: { pane: Pane; onChange: (pane: Pane) => void }) {
  const { t } = useTranslation('editor');
  return (
    <SegmentedControl
      fullWidth
      aria-label={t('pane.label')}
      value={pane}
      data={[
        { value: 'write', label: t('pane.write') },
        { value: 'try', label: t('pane.try') },
      ]}
      onChange={(value) => onChange(value === 'try' ? 'try' : 'write')}
    />
  );
}

function FormFields({ base, onBase }: EverythingFieldsProps) {
  const { t } = useTranslation('editor');
  const [mode, setMode] = useState<Mode>(() =>
    localStorage.getItem(MODE_KEY) === 'everything' ? 'everything' : 'simple',
  );
  return (
    <>
      <SegmentedControl
        aria-label={t('mode.label')}
        value={mode}
        data={[
          { value: 'simple', label: t('mode.simple') },
          { value: 'everything', label: t('mode.everything') },
        ]}
        onChange={(value) => {
          const next = value === 'everything' ? 'everything' : 'simple';
          localStorage.setItem(MODE_KEY, next);
          setMode(next);
        }}
      />
      {mode === 'simple' ? <SimpleFields base={base} /> : <EverythingFields base={base} onBase={onBase} />}
    </>
  );
}
