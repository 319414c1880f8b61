import { ApiError } from '../../client/api-error.ts';
import { AppError, errorMessage } from '../base/errors.ts';
import type { CliContext } from './cli-context.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import type { Texts } from './locales/en.ts';

/** The words themselves were wrong; every other failure is about what they met. */
const USAGE_CODES: ReadonlySet<string> = new Set([
  'invalid-input',
  'username-missing',
  'password-missing',
  'passwords-differ',
  'model-choice',
]);

export interface DescribedError {
  code: string;
  message: string;
  retryable: boolean;
  exitCode: ExitCode;
  /** False for errors nobody foresaw, whose stack helps. */
  foreseen: boolean;
}

/** Any thrown value, for a person and for the exit code. */
export function describeError(error: unknown, texts: Texts): DescribedError {
  if (error instanceof AppError || error instanceof ApiError) {
    const { code, retryable } = error;
    const exitCode = USAGE_CODES.has(code) ? EXIT.usage : EXIT.failed;
    return { code, message: textOf(code, error.message, texts), retryable, exitCode, foreseen: true };
  }
  return { code: 'internal', message: errorMessage(error), retryable: false, exitCode: EXIT.failed, foreseen: false };
}

export function printError({ terminal, texts }: CliContext, error: unknown): void {
  const { message, foreseen } = describeError(error, texts);
  terminal.note(`${texts.error}: ${message}`);
  if (!foreseen && error instanceof Error && error.stack) terminal.note(error.stack);
}

/** The translation says what to do; the original names the file, port or source. */
function textOf(code: string, message: string, texts: Texts): string {
  const translated = texts.errors[code];
  return translated === undefined ? message : `${translated}\n  ${message}`;
}
