import { z } from 'zod';
import { TOOL_OUTPUT_LIMIT } from '../../../contract/tool-parts.ts';
import { cleanText } from '../../../contract/common.ts';

const contentSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.enum(['image', 'audio']), mimeType: z.string().catch('?'), data: z.string().catch('') }),
  z.object({
    type: z.literal('resource'),
    resource: z.object({
      uri: z.string().catch(''),
      mimeType: z.string().optional().catch(undefined),
      text: z.string().optional().catch(undefined),
      blob: z.string().optional().catch(undefined),
    }),
  }),
  z.object({ type: z.literal('resource_link'), uri: z.string().catch(''), name: z.string().catch('') }),
]);

/** What a server may answer; what it is not is kept from nobody, but read piece by piece. */
export const callResultSchema = z.looseObject({
  content: z.array(z.unknown()).optional(),
  structuredContent: z.unknown().optional(),
  isError: z.boolean().optional().catch(undefined),
});
export type CallResult = z.infer<typeof callResultSchema>;

/**
 * A result as text, at most `TOOL_OUTPUT_LIMIT` long; a longer one is cut and says so. Whatever a server promised of
 * the shape of its results, what it sent is read for what it is.
 */
export function readResult({ content = [], structuredContent }: CallResult): string {
  const parts = content.map((one) => {
    const parsed = contentSchema.safeParse(one);
    return parsed.success ? textOf(parsed.data) : `[something that is no content of MCP]`;
  });
  const words = parts.filter((part) => part !== '').join('\n\n');
  const whole = words === '' && structuredContent !== undefined ? JSON.stringify(structuredContent) : words;
  return cut(cleanText(whole));
}

function textOf(part: z.infer<typeof contentSchema>): string {
  switch (part.type) {
    case 'text':
      return part.text;
    case 'image':
    case 'audio':
      return `[${part.type}, ${mediaType(part.mimeType)}, ${kilobytes(part.data)} kB]`;
    case 'resource': {
      const { uri, text, blob, mimeType } = part.resource;
      if (text !== undefined) return uri === '' ? text : `${uri}\n${text}`;
      return `[resource ${uri.slice(0, 500)}, ${mediaType(mimeType ?? '?')}, ${kilobytes(blob ?? '')} kB]`;
    }
    case 'resource_link':
      return `[${part.name.slice(0, 200)}: ${part.uri.slice(0, 2000)}]`;
    default:
      return part satisfies never;
  }
}

function mediaType(text: string): string {
  return text.slice(0, 100);
}

/** Of base64. */
function kilobytes(data: string): number {
  return Math.ceil((data.length * 3) / 4 / 1024);
}

function cut(text: string): string {
  if (text.length <= TOOL_OUTPUT_LIMIT) return text;
  const mark = `\n[cut: ${text.length - TOOL_OUTPUT_LIMIT} characters more]`;
  return `${text.slice(0, TOOL_OUTPUT_LIMIT - mark.length).toWellFormed()}${mark}`;
}
