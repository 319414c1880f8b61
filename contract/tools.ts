import { z } from 'zod';
import { idSchema, textSchema, timeSchema } from './common.ts';
import { refusedRequestSchema, toolClaimsSchema } from './tool-parts.ts';

/** Names of variables of an environment (POSIX) and of headers (RFC 9110 §5.1), held short. */
const secretName = z.string().regex(/^[\w!#$%&'*+.^`|~-]{1,100}$/);
/** A null keeps the value that is there; values never leave the server. */
const secretsSchema = z
  .record(
    secretName,
    z
      .string()
      .max(8000)
      .regex(/^[^\p{Cc}]*$/u)
      .nullable(),
  )
  .refine((secrets) => Object.keys(secrets).length <= 50, { message: 'At most 50.' });
const shared = {
  name: textSchema(80),
  secrets: secretsSchema.default({}),
  /** Off: no model is offered its tools. */
  enabled: z.boolean().default(true),
  /** Others than the owner may use it, guests among them. */
  shared: z.boolean().default(false),
};
const argument = z
  .string()
  .max(4000)
  .refine((text) => !text.includes('\u0000'), { message: 'An argument cannot hold this character.' });

export const saveToolServerSchema = z
  .discriminatedUnion('transport', [
    z.strictObject({
      transport: z.literal('stdio'),
      ...shared,
      command: argument.min(1),
      args: z.array(argument).max(100).default([]),
    }),
    z.strictObject({
      transport: z.literal('http'),
      ...shared,
      url: z
        .url({ protocol: /^https?$/ })
        .max(2000)
        .refine((text) => URL.canParse(text) && new URL(text).username === '' && new URL(text).password === '', {
          message: 'Put the password into a header, not into the address.',
        }),
      /** Lets it be on this machine or in a private network. */
      privateAddresses: z.boolean().default(false),
    }),
  ])
  .meta({ id: 'SaveToolServer' });
export type SaveToolServer = z.output<typeof saveToolServerSchema>;

/** Why a tool cannot be offered: a name that misleads, one that is taken, no schema of an object, one too large. */
export const toolProblemSchema = z.enum(['name', 'duplicate', 'schema', 'schema-size']);

export const serverToolSchema = z.object({
  name: z.string(),
  title: z.string(),
  /** The server's own words. */
  description: z.string(),
  /** JSON text. */
  inputSchema: z.string(),
  claims: toolClaimsSchema,
  problem: toolProblemSchema.nullable(),
  enabled: z.boolean(),
});
export type ServerTool = z.infer<typeof serverToolSchema>;

export const toolServerSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    transport: z.enum(['stdio', 'http']),
    /** Empty for `http`. */
    command: z.string(),
    args: z.array(z.string()),
    /** Empty for `stdio`. */
    url: z.string(),
    privateAddresses: z.boolean(),
    /** Names of what is sealed, never the values. */
    secretNames: z.array(z.string()),
    enabled: z.boolean(),
    shared: z.boolean(),
    state: z.enum(['idle', 'connecting', 'ready', 'failed']),
    /** Why it could not be started; empty where it could. */
    problem: z.string(),
    /** What it wanted from people or the house lately, and did not get. */
    refused: z.array(refusedRequestSchema),
    tools: z.array(serverToolSchema),
    /** How many it lists; more than are kept where it lists too many. */
    toolCount: z.int().nonnegative(),
    listedAt: timeSchema.nullable(),
    createdAt: timeSchema,
  })
  .meta({ id: 'ToolServer' });
export type ToolServer = z.infer<typeof toolServerSchema>;
export const toolServerListSchema = z.object({ servers: z.array(toolServerSchema) }).meta({ id: 'ToolServerList' });

export const enableToolSchema = z
  .strictObject({ tool: z.string().max(200), enabled: z.boolean() })
  .meta({ id: 'EnableTool' });

/** `ask`: each call is asked for. `always`: calls run by themselves. `never`: the tool is not offered. */
export const toolConsentSchema = z.enum(['ask', 'always', 'never']);
export type ToolConsent = z.infer<typeof toolConsentSchema>;

/** A tool as it stands in one conversation. */
export const conversationToolSchema = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  claims: toolClaimsSchema,
  on: z.boolean(),
  /** Who said so; `default` is off. */
  onBy: z.enum(['conversation', 'character', 'default']),
  consent: toolConsentSchema,
  consentBy: z.enum(['conversation', 'person', 'default']),
});
export type ConversationTool = z.infer<typeof conversationToolSchema>;

export const conversationToolsSchema = z
  .object({
    /** Whether the conversation's model can call tools, and whether it does so poorly. */
    model: z.object({ label: z.string(), callsTools: z.boolean(), poorly: z.boolean() }),
    servers: z.array(z.object({ id: idSchema, name: z.string(), tools: z.array(conversationToolSchema) })),
  })
  .meta({ id: 'ConversationTools' });
export type ConversationTools = z.infer<typeof conversationToolsSchema>;

/** `for` says where it holds: in this conversation, in all with its character, or (consent only) everywhere. */
export const chooseToolSchema = z
  .strictObject({
    serverId: idSchema,
    /** Absent = every tool of the server. */
    tool: z.string().max(200).optional(),
    for: z.enum(['conversation', 'character', 'person']),
    /** Null takes the choice back. */
    on: z.boolean().nullable().optional(),
    consent: toolConsentSchema.nullable().optional(),
  })
  .meta({ id: 'ChooseTool' });
export type ChooseTool = z.infer<typeof chooseToolSchema>;

/** `once` and `no` hold for this call; the others for the calls to come as well. */
export const consentAnswerSchema = z.enum(['once', 'conversation', 'always', 'no', 'never']);
export type ConsentAnswer = z.infer<typeof consentAnswerSchema>;
export const answerToolCallSchema = z.strictObject({ answer: consentAnswerSchema }).meta({ id: 'AnswerToolCall' });
