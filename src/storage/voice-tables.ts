/** A call. Its words are messages of its conversation. */
export interface CallTable {
  id: string;
  conversationId: string;
  ownerId: string;
  characterId: string;
  locale: string;
  startedAt: number;
  endedAt: number | null;
  endReason: string | null;
  turns: number;
  /** Milliseconds that a person was attached. */
  durationInMs: number;
}

/** Sound that is kept of a message: what a person said. The bytes are a blob. */
export interface VoiceClipTable {
  messageId: string;
  conversationId: string;
  ownerId: string;
  /** sha256 of the bytes, hex. */
  hash: string;
  mediaType: string;
  durationInMs: number;
  createdAt: number;
}

/** How a character sounds to one person in one language: JSON of a `CharacterVoice`. */
export interface CharacterVoiceTable {
  userId: string;
  characterId: string;
  locale: string;
  body: string;
}

export interface PronunciationTable {
  id: string;
  ownerId: string;
  language: string;
  written: string;
  spoken: string;
  createdAt: number;
}

/** A likeness of a person's voice at a provider, and the recorded statement that allows it. */
export interface ClonedVoiceTable {
  id: string;
  ownerId: string;
  label: string;
  language: string;
  providerId: string;
  model: string;
  /** The provider's name of it. */
  remoteVoice: string;
  /** Who consented, in what words, and the recording of it as a blob's hash. */
  consentName: string;
  consentText: string;
  consentHash: string;
  createdAt: number;
}

/** A recorded statement that allows a likeness, kept for programs that make one of it later. */
export interface VoiceConsentTable {
  id: string;
  ownerId: string;
  /** How its owner calls it. */
  label: string;
  /** Who says it, as in the words. */
  name: string;
  /** BCP 47, as it was said. */
  language: string;
  /** Who is allowed to make the likeness. */
  providerId: string;
  text: string;
  /** sha256 of the recording (WAV), hex. */
  hash: string;
  createdAt: number;
}

export interface VoiceTables {
  call: CallTable;
  voiceClip: VoiceClipTable;
  characterVoice: CharacterVoiceTable;
  pronunciation: PronunciationTable;
  clonedVoice: ClonedVoiceTable;
  voiceConsent: VoiceConsentTable;
}
