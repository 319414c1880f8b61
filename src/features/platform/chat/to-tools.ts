import type { LanguageModelV4FunctionTool, LanguageModelV4ToolChoice } from '@ai-sdk/provider';
import type { ChatCompletionRequest } from '../../../../contract/openai/chat-completions.ts';
import { InvalidInputError } from '../../../base/errors.ts';
import { customAsFunction } from './custom-tools.ts';
import { unsupported } from './unsupported.ts';

type Requested = Pick<ChatCompletionRequest, 'tools' | 'tool_choice' | 'functions' | 'function_call'>;

export interface OfferedTools {
  tools?: LanguageModelV4FunctionTool[];
  toolChoice?: LanguageModelV4ToolChoice;
}

/** The functions that a request offers, and how free the model is to call them. */
export function toTools({ tools, tool_choice: choice, ...old }: Requested): OfferedTools {
  if (old.functions && old.functions.length > 0) {
    throw unsupported('functions', '“functions” is the old way to offer tools: use “tools”.');
  }
  const offered = (tools ?? []).map((tool, index) => {
    if (tool.type === 'function') return toTool(tool.function);
    return customAsFunction(tool.custom, `tools.${index}.custom.format`);
  });
  if (offered.length === 0) {
    if (choice === null || choice === undefined || choice === 'none') return {};
    throw new InvalidInputError('“tool_choice” is only allowed where “tools” are offered.', { field: 'tool_choice' });
  }
  return choose(offered, choice ?? 'auto');
}

type RequestedTool = Extract<NonNullable<ChatCompletionRequest['tools']>[number], { type: 'function' }>['function'];

function toTool({ name, description, parameters, strict }: RequestedTool): LanguageModelV4FunctionTool {
  return {
    type: 'function',
    name,
    inputSchema: (parameters ?? { type: 'object', properties: {} }) as LanguageModelV4FunctionTool['inputSchema'],
    ...(description === undefined ? {} : { description }),
    ...(strict === null || strict === undefined ? {} : { strict }),
  };
}

type Choice = NonNullable<ChatCompletionRequest['tool_choice']>;

function choose(tools: LanguageModelV4FunctionTool[], choice: Choice): OfferedTools {
  if (typeof choice === 'string') return { tools, toolChoice: { type: choice } };
  switch (choice.type) {
    case 'function':
    case 'custom': {
      const toolName = choice.type === 'function' ? choice.function.name : choice.custom.name;
      requireOffered(tools, toolName);
      return { tools, toolChoice: { type: 'tool', toolName } };
    }
    case 'allowed_tools': {
      const { mode, tools: allowed } = choice.allowed_tools;
      const names = new Set(allowed.map(nameOf));
      for (const name of names) requireOffered(tools, name);
      return { tools: tools.filter(({ name }) => names.has(name)), toolChoice: { type: mode } };
    }
    default:
      return choice satisfies never;
  }
}

function nameOf(tool: Record<string, unknown>): string {
  const { name } = (tool['function'] ?? tool['custom'] ?? {}) as { name?: unknown };
  if (typeof name === 'string') return name;
  throw new InvalidInputError('Each allowed tool names a function or a custom tool.', {
    field: 'tool_choice.allowed_tools.tools',
  });
}

function requireOffered(tools: readonly LanguageModelV4FunctionTool[], name: string): void {
  if (tools.some((tool) => tool.name === name)) return;
  throw new InvalidInputError(`“tools” offers no tool with the name “${name.slice(0, 100)}”.`, {
    field: 'tool_choice',
  });
}
