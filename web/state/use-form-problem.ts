import { useState } from 'react';
import { ApiError } from '../../client/api-error.ts';
import { useErrorText } from './use-error-text.ts';

/** What is wrong with a form: at one of its fields, or in general. */
export interface FormProblem {
  of: (field: string) => string | null;
  /** A problem of none of the form's own fields. */
  general: string | null;
  set: (error: unknown) => void;
}

export function useFormProblem(fields: readonly string[]): FormProblem {
  const errorText = useErrorText();
  const [problem, setProblem] = useState<{ field: string; text: string } | null>(null);
  return {
    of: (field) => (problem?.field === field ? problem.text : null),
    general: problem === null || fields.includes(problem.field) ? null : problem.text,
    set: (error) => setProblem({ field: error instanceof ApiError ? (error.field ?? '') : '', text: errorText(error) }),
  };
}
