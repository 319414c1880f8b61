import { createContext, useContext } from 'react';
import type { FormProblem } from '../../state/use-form-problem.ts';
import type { Drafting } from './use-drafting.ts';
import type { Editor } from './use-editor.ts';
import type { TokenCounts } from './use-token-counts.ts';

/** What every field of the form works with. */
export interface EditorForm {
  editor: Editor;
  drafting: Drafting;
  tokens: TokenCounts;
  problem: FormProblem;
}

export const EditorFormContext = createContext<EditorForm | null>(null);

export function useForm(): EditorForm {
  const form = useContext(EditorFormContext);
  if (form === null) throw new Error('A field of the editor stands outside its form.');
  return form;
}
