import { z } from 'zod';

/** UTF-16 units of a call's result that are kept and shown; what is longer is cut and says so. */
export const TOOL_OUTPUT_LIMIT = 256 * 1024;

/**
 * `asked`: somebody has to allow it. `denied`: nobody did. `running`: the server works on it. `failed`: it could not be
 * done, or the server says so; `output` tells why. `stopped`: ended before the server answered. `passed`: handed to the
 * program that ordered the reply; what it gave stands in the reply that goes on.
 */
export const toolCallStateSchema = z.enum(['asked', 'denied', 'running', 'done', 'failed', 'stopped', 'passed']);
export type ToolCallState = z.infer<typeof toolCallStateSchema>;

/** What a server says of a tool of its own; nobody has proved it. */
export const toolClaimsSchema = z.object({
  readOnly: z.boolean().nullable(),
  destructive: z.boolean().nullable(),
  openWorld: z.boolean().nullable(),
});
export type ToolClaims = z.infer<typeof toolClaimsSchema>;

/** What a server wanted from the person or the house while it worked, and did not get. */
export const refusedRequestSchema = z.object({
  kind: z.enum(['elicitation', 'sampling', 'roots']),
  /** In the server's own words, cut. */
  text: z.string(),
});
export type RefusedRequest = z.infer<typeof refusedRequestSchema>;

/** True where a call waits for nothing any more. */
export function isEndedCall({ state }: Pick<ToolPart, 'state'>): boolean {
  return state !== 'asked' && state !== 'running' && state !== 'passed';
}

/** A call of a tool within a reply, where it was made. */
export const toolPartSchema = z.object({
  type: z.literal('tool'),
  callId: z.string(),
  serverId: z.string(),
  /** The server's name as the owner gave it. */
  server: z.string(),
  /** The tool's name as the server has it. */
  tool: z.string(),
  title: z.string(),
  /** The arguments as JSON text. */
  input: z.string(),
  /** What came back, as text. */
  output: z.string(),
  state: toolCallStateSchema,
  durationInMs: z.number().nonnegative(),
  claims: toolClaimsSchema.optional(),
  /** The server's own words on what the tool does; only while somebody is asked. */
  description: z.string().optional(),
  refused: z.array(refusedRequestSchema).optional(),
});
export type ToolPart = z.infer<typeof toolPartSchema>;

/** A call with its place: how many UTF-16 units of the reply's text stand before it. */
export const placedToolSchema = z.object({ at: z.int().nonnegative(), part: toolPartSchema });
export type PlacedTool = z.infer<typeof placedToolSchema>;
