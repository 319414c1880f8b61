import type { PresetWarning } from '../../../contract/prompts.ts';

/** A file may warn about each of its thousand prompts; nobody reads more than these. */
const MAX_WARNINGS = 100;

export class PresetWarnings {
  readonly list: PresetWarning[] = [];

  add(code: PresetWarning['code'], subject: string): void {
    const isThere = this.list.some((warning) => warning.code === code && warning.subject === subject);
    if (!isThere && this.list.length < MAX_WARNINGS) this.list.push({ code, subject: subject.slice(0, 200) });
  }
}
