import { z } from 'zod';
import { themeSchema } from './looks.ts';
import { idSchema, localeSchema, optionalTextSchema, textSchema, timeSchema } from './common.ts';
import { hotkeysSchema } from './hotkeys.ts';

export const appearanceSchema = z.enum(['system', 'light', 'dark']);

const textSizeSchema = z.enum(['small', 'medium', 'large', 'extra-large']);

/** Size of the words of conversations, in percent of the page's. */
export const WORD_SIZE = { least: 90, most: 160, step: 5 } as const;
const wordSizeSchema = z.int().min(WORD_SIZE.least).max(WORD_SIZE.most);
/** How long lines may become. */
export const measureSchema = z.enum(['narrow', 'medium', 'wide']);
export const lineHeightSchema = z.enum(['close', 'medium', 'open']);
/** The letters of narration; speech is always in the sans. */
export const narrationFaceSchema = z.enum(['serif', 'sans']);

/** Preferences of one person. */
export const preferencesSchema = z
  .object({
    appearance: appearanceSchema.default('system'),
    textSize: textSizeSchema.default('medium'),
    sendWithEnter: z.boolean().default(true),
    shortcuts: z.boolean().default(true),
    /** Conversations are named by what they are about. */
    autoTitles: z.boolean().default(true),
    /** Buttons for what one often says stand above the box. */
    quickReplies: z.boolean().default(true),
    hotkeys: hotkeysSchema.default({}),
    theme: themeSchema.default('flat'),
    wordSize: wordSizeSchema.default(100),
    measure: measureSchema.default('medium'),
    lineHeight: lineHeightSchema.default('medium'),
    narrationFace: narrationFaceSchema.default('serif'),
  })
  .meta({ id: 'Preferences' });
export type Preferences = z.infer<typeof preferencesSchema>;

export const meSchema = z
  .object({
    id: idSchema,
    /** Empty until onboarding asked for it. */
    name: z.string(),
    /** Sign-in name; null until a password was set. */
    username: z.string().nullable(),
    role: z.enum(['owner', 'member', 'guest']),
    locale: localeSchema.nullable(),
    hasPassword: z.boolean(),
    onboarded: z.boolean(),
    preferences: preferencesSchema,
    sessionId: idSchema.nullable(),
  })
  .meta({ id: 'Me' });
export type Me = z.infer<typeof meSchema>;

export const updateMeSchema = z
  .strictObject({
    name: textSchema(80),
    locale: localeSchema,
    onboarded: z.boolean(),
    // Without the defaults above: a key that is absent must stay as it was. Unknown keys are refused.
    preferences: z
      .strictObject({
        appearance: appearanceSchema,
        textSize: textSizeSchema,
        sendWithEnter: z.boolean(),
        shortcuts: z.boolean(),
        autoTitles: z.boolean(),
        quickReplies: z.boolean(),
        hotkeys: hotkeysSchema,
        theme: themeSchema,
        wordSize: wordSizeSchema,
        measure: measureSchema,
        lineHeight: lineHeightSchema,
        narrationFace: narrationFaceSchema,
      })
      .partial(),
  })
  .partial()
  .meta({ id: 'UpdateMe' });
export type UpdateMe = z.infer<typeof updateMeSchema>;

export const usernameSchema = z
  .string()
  .trim()
  .normalize('NFKC')
  .toLowerCase()
  .min(2)
  .max(40)
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u);
/** 8 to 256 characters; no composition rules (NIST SP 800-63B §5.1.1). */
export const passwordSchema = z.string().min(8).max(256);

export const passwordSignInSchema = z
  .strictObject({ username: usernameSchema, password: z.string().min(1).max(256) })
  .meta({ id: 'PasswordSignIn' });
export const linkSignInSchema = z.strictObject({ token: z.string().min(16).max(200) }).meta({ id: 'LinkSignIn' });
export const signUpSchema = z
  .strictObject({
    name: textSchema(80),
    username: usernameSchema,
    password: passwordSchema,
    invitation: z.string().max(200).optional(),
  })
  .meta({ id: 'SignUp' });
export const setPasswordSchema = z
  .strictObject({ username: usernameSchema, password: passwordSchema, currentPassword: z.string().max(256).optional() })
  .meta({ id: 'SetPassword' });

/** What the sign-in page may know before anyone is signed in. */
export const doorSchema = z
  .object({
    signUp: z.enum(['off', 'invitation', 'open']),
    hasPasswords: z.boolean(),
    invitationValid: z.boolean().nullable(),
  })
  .meta({ id: 'Door' });
export type Door = z.infer<typeof doorSchema>;

export const sessionSchema = z
  .object({
    id: idSchema,
    current: z.boolean(),
    userAgent: z.string(),
    createdAt: timeSchema,
    lastSeenAt: timeSchema,
    expiresAt: timeSchema,
  })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof sessionSchema>;

/** A one-time link, for another browser or phone of the same person, or for an invited one. */
export const linkSchema = z.object({ id: idSchema, url: z.string(), expiresAt: timeSchema }).meta({ id: 'Link' });
export type Link = z.infer<typeof linkSchema>;

export const invitationSchema = z
  .object({
    id: idSchema,
    note: z.string(),
    createdAt: timeSchema,
    expiresAt: timeSchema,
    usedAt: timeSchema.nullable(),
  })
  .meta({ id: 'Invitation' });
export type Invitation = z.infer<typeof invitationSchema>;
export const createInvitationSchema = z
  .strictObject({ note: optionalTextSchema(120).default('') })
  .meta({ id: 'CreateInvitation' });
export const createdInvitationSchema = invitationSchema.extend({ url: z.string() }).meta({ id: 'CreatedInvitation' });

export const userSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    username: z.string().nullable(),
    role: z.enum(['owner', 'member', 'guest']),
    createdAt: timeSchema,
  })
  .meta({ id: 'User' });
export type User = z.infer<typeof userSchema>;

/** `all` may do what its owner may, except manage accounts; `chat` reads and talks; `admin` is for the terminal. */
/** `models`: the platform's `/v1`. */
export const keyScopeSchema = z.enum(['all', 'chat', 'models']);
export type KeyScope = z.infer<typeof keyScopeSchema>;
export const keySchema = z
  .object({
    id: idSchema,
    name: z.string(),
    /** The first characters, to tell keys apart. */
    prefix: z.string(),
    scopes: z.array(keyScopeSchema),
    createdAt: timeSchema,
    lastUsedAt: timeSchema.nullable(),
    revokedAt: timeSchema.nullable(),
  })
  .meta({ id: 'Key' });
export type Key = z.infer<typeof keySchema>;
export const createKeySchema = z
  .strictObject({ name: textSchema(80), scopes: z.array(keyScopeSchema).min(1).default(['all']) })
  .meta({ id: 'CreateKey' });
export const createdKeySchema = z
  .object({ id: idSchema, name: z.string(), key: z.string(), scopes: z.array(keyScopeSchema) })
  .meta({ id: 'CreatedKey' });
export type CreatedKey = z.infer<typeof createdKeySchema>;

export const houseSettingsSchema = z
  .object({ signUp: z.enum(['off', 'invitation', 'open']) })
  .meta({ id: 'HouseSettings' });
export type HouseSettings = z.infer<typeof houseSettingsSchema>;
