import { instructMarksSchema, type InstructMarks, type InstructTemplate } from '../../../contract/prompts.ts';

/** Who speaks in a turn with this mark, for `{{name}}`. */
const SPEAKERS: readonly [prefix: string, speaker: 'char' | 'user'][] = [
  ['input_', 'user'],
  ['first_input_', 'user'],
  ['last_input_', 'user'],
  ['output_', 'char'],
  ['first_output_', 'char'],
  ['last_output_', 'char'],
];

/** A template's marks with their macros replaced; only the marks go on to the engine. */
export function renderInstruct(
  template: InstructTemplate,
  {
    names,
    render,
  }: {
    names: { char: string; user: string };
    render: (text: string, more: { extra: ReadonlyMap<string, string> }) => string;
  },
): InstructMarks {
  const marks = Object.keys(instructMarksSchema.shape).flatMap((key) => {
    const value = template[key];
    if (typeof value !== 'string' || !template.macro || !value.includes('{{')) return [[key, value]];
    const speaker = SPEAKERS.find(([prefix]) => key.startsWith(prefix))?.[1];
    const extra = new Map([['name', speaker === undefined ? 'System' : names[speaker]]]);
    return [[key, render(value, { extra })]];
  });
  return instructMarksSchema.parse(Object.fromEntries(marks));
}
