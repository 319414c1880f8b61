import type { ResponseRequest } from '../../../../../contract/openai/responses.ts';

/** Tools and items that every model can have; all others are made by whoever runs them. */
const OWN_TOOLS: ReadonlySet<string> = new Set(['function', 'custom']);
const OWN_CHOICES: ReadonlySet<string> = new Set([...OWN_TOOLS, 'allowed_tools']);
const OWN_ITEMS: ReadonlySet<string> = new Set([
  'message',
  'function_call',
  'function_call_output',
  'custom_tool_call',
  'custom_tool_call_output',
  'reasoning',
  'compaction',
  'item_reference',
]);
/** Outputs of such tools that may be told of. */
const TOLD_BY_TOOLS = /^(?:web_search_call|file_search_call|code_interpreter_call|computer_call_output)\./u;

/** What of a request only a provider can do that runs tools itself. */
export interface ProviderNeed {
  what: string;
  field: string;
  code: 'unsupported-tool' | 'unsupported';
}

/** Null where any model can answer. */
export function providerNeedOf({ tools, tool_choice: choice, input, include }: ResponseRequest): ProviderNeed | null {
  const tool = (tools ?? []).findIndex(({ type }) => !OWN_TOOLS.has(type));
  if (tool >= 0) {
    return {
      what: `tools of the type “${name(tools?.[tool]?.type)}”`,
      field: `tools.${tool}.type`,
      code: 'unsupported-tool',
    };
  }
  if (typeof choice === 'object' && choice !== null && !OWN_CHOICES.has(choice.type)) {
    return { what: `a tool_choice of the type “${name(choice.type)}”`, field: 'tool_choice', code: 'unsupported' };
  }
  const items = Array.isArray(input) ? input : [];
  const item = items.findIndex(({ type }) => type !== undefined && type !== null && !OWN_ITEMS.has(type));
  if (item >= 0) {
    return { what: `items of the type “${name(items[item]?.type)}”`, field: `input.${item}.type`, code: 'unsupported' };
  }
  const told = include?.find((one) => TOLD_BY_TOOLS.test(one));
  return told === undefined ? null : { what: `outputs such as “${name(told)}”`, field: 'include', code: 'unsupported' };
}

/** Whether an item comes of a tool that its provider ran. */
export function isOfProvider({ type }: { type: string }): boolean {
  return !OWN_ITEMS.has(type);
}

function name(text: unknown): string {
  return String(text).slice(0, 60);
}
