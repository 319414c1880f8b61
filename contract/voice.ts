import { z } from 'zod';
import { idSchema, localeSchema, textSchema, timeSchema } from './common.ts';
import { downloadStateSchema } from './models.ts';

/** What a tone of voice can be asked for; an engine does what it can. */
export const emotionSchema = z.enum(['neutral', 'happy', 'sad', 'angry', 'fearful', 'surprised', 'tender', 'whisper']);
export type Emotion = z.infer<typeof emotionSchema>;

/**
 * `<engine ref>/<voice>`: `local:piper-en-joe/joe`, `local:kokoro-82m/zf_xiaoxiao`, `<provider id>:<model>/<voice>`;
 * a cloned one is `cloned:<id>`.
 */
export const voiceRefSchema = z
  .string()
  .min(3)
  .max(400)
  .regex(/^[^\p{Cc}\p{Cs}]+$/u);

/** A voice people can choose. */
export const voiceSchema = z
  .object({
    ref: voiceRefSchema,
    label: z.string(),
    /** ISO 639-1. */
    languages: z.array(z.string()),
    gender: z.enum(['female', 'male', 'neutral']).nullable(),
    engine: z.object({ ref: z.string(), label: z.string(), place: z.enum(['this-computer', 'provider', 'scripted']) }),
    /** The catalog entry to install; null for a provider's. */
    modelId: z.string().nullable(),
    installed: z.boolean(),
    /** False for one that is too slow for a call on an ordinary computer. */
    forCalls: z.boolean(),
    /** A likeness of a real person, made with their recorded consent. */
    cloned: z.boolean(),
    emotions: z.array(emotionSchema),
    licence: z.string(),
  })
  .meta({ id: 'Voice' });
export type Voice = z.infer<typeof voiceSchema>;

export const voiceListSchema = z
  .object({ voices: z.array(voiceSchema), defaults: z.record(z.string(), voiceRefSchema.nullable()) })
  .meta({ id: 'VoiceList' });
export type VoiceList = z.infer<typeof voiceListSchema>;

/** How a character sounds to one person, in one language. `voice` null = the house's voice of that language. */
export const characterVoiceSchema = z
  .strictObject({
    voice: voiceRefSchema.nullable(),
    /** 1 = the voice's own. */
    speed: z.number().min(0.5).max(2),
    /** Semitones. */
    pitch: z.number().min(-12).max(12),
  })
  .meta({ id: 'CharacterVoice' });
export type CharacterVoice = z.infer<typeof characterVoiceSchema>;
export const PLAIN_VOICE: CharacterVoice = { voice: null, speed: 1, pitch: 0 };

/** `normal` answers in a breath, `slow-speaker` waits for long pauses, `push-to-talk` listens while a button is held. */
export const turnProfileSchema = z.enum(['normal', 'slow-speaker', 'push-to-talk']);
export type TurnProfile = z.infer<typeof turnProfileSchema>;

/** How one person likes to call, on every device. */
export const callPreferencesSchema = z
  .strictObject({
    profile: turnProfileSchema,
    captions: z.boolean(),
    largeCaptions: z.boolean(),
    /** Slows or hastens every voice; 1 = as the voice is. */
    speed: z.number().min(0.5).max(2),
    /** Keeps what the person said as sound, to be heard again. */
    keepRecordings: z.boolean(),
    /** One large button, long patience, large captions. */
    elder: z.boolean(),
  })
  .meta({ id: 'CallPreferences' });
export type CallPreferences = z.infer<typeof callPreferencesSchema>;
export const PLAIN_CALLS: CallPreferences = {
  profile: 'normal',
  captions: true,
  largeCaptions: false,
  speed: 1,
  keepRecordings: true,
  elder: false,
};

/** Words that are said in a way of their own. */
export const pronunciationSchema = z
  .object({
    id: idSchema,
    language: localeSchema,
    written: z.string(),
    spoken: z.string(),
    createdAt: timeSchema,
  })
  .meta({ id: 'Pronunciation' });
export type Pronunciation = z.infer<typeof pronunciationSchema>;

/** Whether this house can hold a call in a language, and what is still to be fetched. Bytes. */
export const voiceReadinessSchema = z
  .object({
    language: localeSchema,
    ready: z.boolean(),
    /** True while something of it is being fetched. */
    fetching: z.boolean(),
    missing: z.array(
      z.object({ modelId: z.string(), label: z.string(), sizeBytes: z.int().nonnegative(), licence: z.string() }),
    ),
    totalBytes: z.int().nonnegative(),
    receivedBytes: z.int().nonnegative(),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
  })
  .meta({ id: 'VoiceReadiness' });
export type VoiceReadiness = z.infer<typeof voiceReadinessSchema>;

/**
 * When the stages of a spoken turn were reached, milliseconds from the last sample of speech; null where a stage was
 * not reached. Negative where speculation was ahead of the silence.
 */
export const spokenTimingsSchema = z
  .object({
    profile: turnProfileSchema,
    /** The decision that the person had finished. */
    turnEndInMs: z.number().nullable(),
    transcriptInMs: z.number().nullable(),
    firstTokenInMs: z.number().nullable(),
    firstClauseInMs: z.number().nullable(),
    /** The first audio of the reply was there. */
    firstAudioInMs: z.number().nullable(),
    /** It left for the caller. */
    firstFrameOutInMs: z.number().nullable(),
    /** The caller's device says it began to sound. */
    heardInMs: z.number().nullable(),
    /** Drafts begun before the turn was certain, this one included. */
    drafts: z.int().nonnegative(),
    /** Milliseconds won because the draft began before the decision. */
    savedInMs: z.number().nonnegative(),
    interrupted: z.boolean(),
  })
  .meta({ id: 'SpokenTimings' });
export type SpokenTimings = z.infer<typeof spokenTimingsSchema>;

/** A voice or an ear of the catalog, as it stands on this machine. Bytes; bytes per second; seconds. */
export const speechModelSchema = z
  .object({
    id: idSchema,
    role: z.enum(['speech', 'transcription', 'activity', 'turn']),
    label: z.string(),
    licence: z.string(),
    languages: z.array(z.string()),
    /** Fetched when somebody first calls in its language. */
    starter: z.boolean(),
    forCalls: z.boolean(),
    /** Of a model that speaks. */
    voiceCount: z.int().nonnegative(),
    /** What comes over the network. */
    sizeBytes: z.int().nonnegative(),
    state: downloadStateSchema,
    receivedBytes: z.int().nonnegative(),
    bytesPerSecond: z.number().nonnegative().nullable(),
    etaInSeconds: z.number().nonnegative().nullable(),
    source: z.string().nullable(),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
  })
  .meta({ id: 'SpeechModel' });
export type SpeechModel = z.infer<typeof speechModelSchema>;

export const speechModelListSchema = z.object({ models: z.array(speechModelSchema) }).meta({ id: 'SpeechModelList' });

/** Characters of a sample; some twenty seconds. */
export const SAMPLE_TEXT_LIMIT = 300;

/** A voice to be heard before it is chosen, as a query: numbers arrive as text. */
export const voiceSampleSchema = z.object({
  /** Left out: the house's voice of the language. */
  voice: voiceRefSchema.nullable().default(null),
  locale: localeSchema,
  speed: z.coerce.number().min(0.5).max(2).default(1),
  pitch: z.coerce.number().min(-12).max(12).default(0),
  /** Instead of the sample sentence. */
  text: z.string().max(SAMPLE_TEXT_LIMIT).optional(),
});
export type VoiceSample = z.infer<typeof voiceSampleSchema>;

export const prepareVoiceSchema = z.strictObject({ language: localeSchema }).meta({ id: 'PrepareVoice' });

export const savePronunciationSchema = z
  .strictObject({
    language: localeSchema,
    written: textSchema(80).transform((text) => text.trim()),
    spoken: textSchema(200).transform((text) => text.trim()),
  })
  .meta({ id: 'SavePronunciation' });

export const pronunciationListSchema = z
  .object({ pronunciations: z.array(pronunciationSchema) })
  .meta({ id: 'PronunciationList' });

/** A likeness of a real person's voice, at a provider, with what they said to allow it. */
export const clonedVoiceSchema = z
  .object({
    id: idSchema,
    /** How a character's voice names it: `cloned:<id>`. */
    ref: voiceRefSchema,
    label: z.string(),
    language: localeSchema,
    providerId: idSchema,
    providerName: z.string(),
    model: z.string(),
    /** Who consented, and the sentences they were recorded saying. */
    consentName: z.string(),
    consentText: z.string(),
    createdAt: timeSchema,
  })
  .meta({ id: 'ClonedVoice' });
export type ClonedVoice = z.infer<typeof clonedVoiceSchema>;

export const clonedVoiceListSchema = z
  .object({
    voices: z.array(clonedVoiceSchema),
    /** The providers here that permit likenesses. */
    providers: z.array(z.object({ id: idSchema, name: z.string() })),
  })
  .meta({ id: 'ClonedVoiceList' });
export type ClonedVoiceList = z.infer<typeof clonedVoiceListSchema>;

export const askConsentSchema = z.object({
  /** The person's own name. */
  name: z
    .string()
    .trim()
    .min(1)
    .max(80)
    .regex(/^[^\p{Cc}\p{Cs}]+$/u),
  providerId: idSchema,
  locale: localeSchema,
});

/** What the person reads aloud, today, to allow a likeness of their voice. */
export const consentStatementSchema = z.object({ text: z.string() }).meta({ id: 'ConsentStatement' });
export type ConsentStatement = z.infer<typeof consentStatementSchema>;

export const cloneVoiceSchema = z
  .strictObject({
    ...askConsentSchema.shape,
    label: z
      .string()
      .trim()
      .min(1)
      .max(80)
      .regex(/^[^\p{Cc}\p{Cs}]+$/u),
    /** The person reading the statement: a WAV file, base64, 10 to 120 seconds. It is also what the likeness is made of. */
    recording: z
      .string()
      .max(24 * 1024 * 1024)
      .optional(),
  })
  .meta({ id: 'CloneVoice' });
export type CloneVoice = z.infer<typeof cloneVoiceSchema>;
