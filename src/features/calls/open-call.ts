import type { Locale } from '../../../contract/common.ts';
import type { CharacterVoice, TurnProfile } from '../../../contract/voice.ts';
import type { Call } from '../../voice/call-handle.ts';

/** What a transport asks for: a new call in a conversation, one with a character, or the call that was cut off. */
export interface OpenCallRequest {
  target:
    | { kind: 'conversation'; conversationId: string }
    | { kind: 'call'; callId: string }
    /** Goes on in the newest conversation with the character, or begins one. `slug` as in `character/<slug>`. */
    | { kind: 'character'; slug: string; locale: Locale | null };
  /** `estimated` for clients that do not tell what has sounded: the clock says it. */
  playback: 'reported' | 'estimated';
  settings?: CallSettings;
  /** The character speaks first, where nothing has been said yet. */
  greet: boolean;
}

/** Over the person's own settings. */
export interface CallSettings {
  profile?: TurnProfile;
  /** Of whom the conversation began with; a null voice is their own. */
  voice?: CharacterVoice;
  /** How fast everybody speaks, instead of the person's own choice. */
  speed?: number;
  /** Said to the model beside the character's card, for this call. */
  instructions?: string;
}

export interface OpenCall {
  id: string;
  conversationId: string;
  characterName: string;
  locale: Locale;
  /** True where a call that was cut off goes on. */
  resumed: boolean;
  call: Call;
  /** Changes settings from the next turn on. */
  configure(settings: CallSettings): Promise<void>;
}
