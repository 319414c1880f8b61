import { z } from 'zod';
import { pictureDataSchema } from './character-fields.ts';
import { idSchema, optionalTextSchema, textSchema, timeSchema } from './common.ts';
import { promptRoleSchema } from './prompts.ts';

/** Where a persona's description stands in the prompt. */
export const personaPositionSchema = z.enum(['prompt', 'note-top', 'note-bottom', 'at-depth', 'none']);

/** Who a person is in a conversation. */
export const personaSchema = z
  .object({
    id: idSchema,
    /** What characters call this person. */
    name: z.string(),
    /** To tell personas apart; never sent. */
    title: z.string(),
    description: z.string(),
    pictureUrl: z.string().nullable(),
    position: personaPositionSchema,
    depth: z.int().nonnegative(),
    role: promptRoleSchema,
    /** The one used where neither the conversation nor the character names another. */
    isDefault: z.boolean(),
    createdAt: timeSchema,
    updatedAt: timeSchema,
  })
  .meta({ id: 'Persona' });
export type Persona = z.infer<typeof personaSchema>;

export const savePersonaSchema = z
  .strictObject({
    name: textSchema(100),
    title: optionalTextSchema(200).default(''),
    description: optionalTextSchema(60_000).default(''),
    position: personaPositionSchema.default('prompt'),
    depth: z.int().min(0).max(10_000).default(2),
    role: promptRoleSchema.default('system'),
    isDefault: z.boolean().default(false),
    /** Null keeps the picture there is. */
    picture: pictureDataSchema.nullable().default(null),
  })
  .meta({ id: 'SavePersona' });
export type SavePersona = z.input<typeof savePersonaSchema>;

export const personaListSchema = z.object({ personas: z.array(personaSchema) }).meta({ id: 'PersonaList' });

/** Names one of the person's own; null names none. */
export const namePersonaSchema = z.strictObject({ personaId: idSchema.nullable() }).meta({ id: 'NamePersona' });

/** Who the person is in a conversation, and which part of the rule says so: chat > character > default. */
export const presentPersonaSchema = z.object({
  id: idSchema,
  name: z.string(),
  pictureUrl: z.string().nullable(),
  source: z.enum(['conversation', 'character', 'default']),
});
export type PresentPersona = z.infer<typeof presentPersonaSchema>;

/** Changes who the person is from now on; `renamePast` also re-attributes what they said before in this conversation. */
export const choosePersonaSchema = z
  .strictObject({ personaId: idSchema.nullable(), renamePast: z.boolean().default(false) })
  .meta({ id: 'ChoosePersona' });
