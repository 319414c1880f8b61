import type { LanguageModelV4FunctionTool } from '@ai-sdk/provider';
import { z } from 'zod';
import type { ChatCompletionRequest } from '../../../../contract/openai/chat-completions.ts';
import { parseJson } from './parse-json.ts';
import { unsupported } from './unsupported.ts';

/** Where the text of a custom tool stands in the call of the function that is offered in its place. */
const inputSchema = z.looseObject({ input: z.string() });

interface CustomTool {
  name: string;
  description?: string | undefined;
  format?: { type: string } | null | undefined;
}

/** A tool that takes one text, as a function that every model can call. `field` is where its format stands. */
export function customAsFunction(
  { name, description, format }: CustomTool,
  field: string,
): LanguageModelV4FunctionTool {
  if (format && format.type !== 'text') {
    throw unsupported(field, 'No engine here holds a custom tool to a grammar: leave out “format”, or say “text”.');
  }
  return {
    type: 'function',
    name,
    ...(description === undefined ? {} : { description }),
    inputSchema: {
      type: 'object',
      properties: { input: { type: 'string', description: 'What the tool takes, as plain text.' } },
      required: ['input'],
      additionalProperties: false,
    },
  };
}

/** The names of those among a request's tools that take a text. */
export function namesOfCustom(tools: ChatCompletionRequest['tools']): ReadonlySet<string> {
  return new Set((tools ?? []).flatMap((tool) => (tool.type === 'custom' ? [tool.custom.name] : [])));
}

/** The text out of such a call; what does not look like one is taken as it is. */
export function customInput(given: string): string {
  try {
    return inputSchema.parse(parseJson(given, 'input')).input;
  } catch {
    return given;
  }
}
