import { z } from 'zod';
import { idSchema, optionalTextSchema, textSchema, timeSchema } from './common.ts';

/**
 * Who speaks next in a room. `manual`: whom a human asks. `natural`: who is mentioned, else who likes to talk and has
 * been silent. `list`: one after the other. `pooled`: by chance among those silent since a human spoke. `director`:
 * the model picks and says why.
 */
export const turnOrderSchema = z.enum(['manual', 'natural', 'list', 'pooled', 'director']);
export type TurnOrder = z.infer<typeof turnOrderSchema>;

/**
 * What a character's prompt holds. `own`: its own card and only what it witnessed. `swap`: its own card and all that
 * was said openly, also before it came. `join`: like `swap`, with everybody's cards in one.
 */
export const cardModeSchema = z.enum(['own', 'swap', 'join']);
export type CardMode = z.infer<typeof cardModeSchema>;

/** How a room goes; a conversation of one human and one character has none. */
export const roomSettingsSchema = z
  .object({
    turnOrder: turnOrderSchema.default('natural'),
    cardMode: cardModeSchema.default('own'),
    /** Replies that may follow one message before a human is waited for. */
    mostReplies: z.int().min(1).max(12).default(3),
    /** The characters go on among themselves. */
    autoRun: z.boolean().default(false),
    autoRunDelayInSeconds: z.number().min(0).max(600).default(5),
    /** Whoever spoke last may speak again. */
    allowSelfReplies: z.boolean().default(false),
    /** `talk`: guests say, change and delete their own words and stop a reply. `steer`: they also choose and ask anew. */
    guestsMay: z.enum(['talk', 'steer']).default('talk'),
    /** Guests have messages translated and read aloud, by the host's models. */
    guestsRead: z.boolean().default(true),
    /** Guests let the host's model write and suggest what they say next. */
    guestsWrite: z.boolean().default(false),
    /** Put around each joined field; `<FIELDNAME>` and `{{char}}` are filled in (SillyTavern's group settings). */
    joinPrefix: z.string().max(2000).default(''),
    joinSuffix: z.string().max(2000).default(''),
  })
  .meta({ id: 'RoomSettings' });
export type RoomSettings = z.output<typeof roomSettingsSchema>;

/** `host` owns the conversation; a `guest` is a human who was invited. */
export const participantRoleSchema = z.enum(['host', 'guest', 'character']);
export type ParticipantRole = z.infer<typeof participantRoleSchema>;

export const participantSchema = z
  .object({
    id: idSchema,
    kind: z.enum(['human', 'character']),
    /** A user's or a character's id. */
    subjectId: idSchema,
    name: z.string(),
    role: participantRoleSchema,
    pictureUrl: z.string().nullable(),
    /** Never chosen by itself; may still be asked to speak. */
    muted: z.boolean(),
    /** How readily it speaks, in percent. */
    talkativeness: z.int().min(0).max(100),
    /** Its place in the list, from 0. */
    position: z.int().nonnegative(),
    /** True while it is there at the end of the active path. */
    present: z.boolean(),
    /** Behind which closed door it is there; empty = in the open room. */
    door: z.string(),
    /** When it left for good; its words stay. */
    leftAt: timeSchema.nullable(),
  })
  .meta({ id: 'Participant' });
export type Participant = z.infer<typeof participantSchema>;

/** How a message was said. `aside`: to oneself, no character hears it. `door`: behind a closed door. */
export const mannerSchema = z.enum(['open', 'whisper', 'aside', 'door']);
export type Manner = z.infer<typeof mannerSchema>;

/** Participant ids, or everybody who was there from the beginning. */
export const audienceSchema = z.union([z.literal('everyone'), z.array(idSchema).max(200)]);
export type Audience = z.infer<typeof audienceSchema>;

/** What happened in the story that is not a word of anybody. */
export const storyEventSchema = z.enum(['enter', 'leave', 'door-close', 'door-open', 'place-change', 'time-change']);
export type StoryEvent = z.infer<typeof storyEventSchema>;

/** Why it is somebody's turn. */
export const turnReasonSchema = z.enum([
  'only-one',
  'asked',
  'mention',
  'talkativeness',
  'fairness',
  'list',
  'pooled',
  'director',
]);
export const turnChoiceSchema = z.object({
  participantId: idSchema,
  by: turnReasonSchema,
  /** The director's words; empty otherwise. */
  why: z.string(),
});
export type TurnChoice = z.infer<typeof turnChoiceSchema>;

/**
 * `idle`: nobody is next. `choosing`: the director thinks. `replying`: somebody speaks, `next` follow. `waiting`: the
 * characters go on at `resumesAt`. `paused`: they would, but a human types or somebody stopped them.
 */
export const roomRunSchema = z
  .object({
    state: z.enum(['idle', 'choosing', 'replying', 'waiting', 'paused']),
    /** Whoever speaks now and whoever was asked to follow; empty where not every human heard what was said last. */
    next: z.array(turnChoiceSchema),
    resumesAt: timeSchema.nullable(),
  })
  .meta({ id: 'RoomRun' });
export type RoomRun = z.infer<typeof roomRunSchema>;

/**
 * `start`: the characters go on at once, up to `mostReplies`, with auto-run on and on. `pause`: nobody follows until
 * the next `start`. `stop`: nobody follows. What is being written goes on in each.
 */
export const controlRunSchema = z
  .strictObject({ action: z.enum(['start', 'pause', 'stop']) })
  .meta({ id: 'ControlRun' });
export type ControlRun = z.infer<typeof controlRunSchema>;

/** Who of the humans has the conversation open, and who is typing. */
export const presenceSchema = z.object({ participantId: idSchema, online: z.boolean(), typing: z.boolean() });
export type Presence = z.infer<typeof presenceSchema>;

/** Only what is named changes: no field has a default here. */
export const updateRoomSchema = z
  .strictObject({
    turnOrder: turnOrderSchema,
    cardMode: cardModeSchema,
    mostReplies: z.int().min(1).max(12),
    autoRun: z.boolean(),
    autoRunDelayInSeconds: z.number().min(0).max(600),
    allowSelfReplies: z.boolean(),
    guestsMay: z.enum(['talk', 'steer']),
    guestsRead: z.boolean(),
    guestsWrite: z.boolean(),
    joinPrefix: optionalTextSchema(2000),
    joinSuffix: optionalTextSchema(2000),
  })
  .partial()
  .meta({ id: 'UpdateRoom' });
export type UpdateRoom = z.infer<typeof updateRoomSchema>;

/** A character comes in; the conversation becomes a room with it. */
export const addParticipantSchema = z.strictObject({ characterId: idSchema }).meta({ id: 'AddParticipant' });

export const updateParticipantSchema = z
  .strictObject({
    muted: z.boolean(),
    talkativeness: z.int().min(0).max(100),
    position: z.int().nonnegative().max(1000),
  })
  .partial()
  .meta({ id: 'UpdateParticipant' });
export type UpdateParticipant = z.infer<typeof updateParticipantSchema>;

/** Somebody who belongs to the room leaves the scene or comes back to it; both are told in the story. */
export const moveParticipantSchema = z.strictObject({ present: z.boolean() }).meta({ id: 'MoveParticipant' });

/** Those named go behind a door of their own: only they hear what is said there. An empty `door` opens it again. */
export const closeDoorSchema = z
  .strictObject({ participantIds: z.array(idSchema).min(1).max(50), door: optionalTextSchema(100) })
  .meta({ id: 'CloseDoor' });

export const roomInviteSchema = z
  .object({
    id: idSchema,
    note: z.string(),
    createdAt: timeSchema,
    expiresAt: timeSchema,
    /** People who may still come by it. */
    usesLeft: z.int().nonnegative(),
  })
  .meta({ id: 'RoomInvite' });
export type RoomInvite = z.infer<typeof roomInviteSchema>;

export const createRoomInviteSchema = z
  .strictObject({ note: optionalTextSchema(200).default(''), uses: z.int().min(1).max(50).default(1) })
  .meta({ id: 'CreateRoomInvite' });
/** `url` holds the secret and is shown once. */
export const createdRoomInviteSchema = roomInviteSchema.extend({ url: z.string() }).meta({ id: 'CreatedRoomInvite' });

/** What somebody who holds a link is told before coming in. */
export const roomDoorSchema = z
  .object({
    title: z.string(),
    hostName: z.string(),
    names: z.array(z.string()),
    pictureUrl: z.string().nullable(),
    /** True when whoever asks is signed in and only has to agree. */
    signedIn: z.boolean(),
    /** The conversation, for those who already belong to it. */
    conversationId: idSchema.nullable(),
  })
  .meta({ id: 'RoomDoor' });
export type RoomDoor = z.infer<typeof roomDoorSchema>;
/** `name` is needed from those who are not signed in. */
export const enterRoomSchema = z.strictObject({ name: textSchema(60).optional() }).meta({ id: 'EnterRoom' });
export const enteredRoomSchema = z.object({ conversationId: idSchema }).meta({ id: 'EnteredRoom' });

/** Says that one types; it wears off by itself after six seconds. */
export const typingSchema = z.strictObject({ typing: z.boolean().default(true) }).meta({ id: 'Typing' });
