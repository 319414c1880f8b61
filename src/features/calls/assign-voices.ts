import type { CharacterVoice, Voice } from '../../../contract/voice.ts';

/** Somebody who speaks in a call. */
export interface CallSpeaker {
  /** Of its place in the room. */
  id: string;
  characterId: string;
  name: string;
  /** How it sounds to the person who calls; `voice` null = whatever the house has. */
  chosen: CharacterVoice;
}

/** How one of them sounds here; `alike`: names of those before it who have the same voice at another pitch. */
export interface AssignedVoice {
  voice: CharacterVoice;
  alike: readonly string[];
}

/** Semitones and speed by which those who have to share a voice are set apart, one after the other. */
const APART = [
  { pitch: -3, speed: 0.94 },
  { pitch: 3, speed: 1.05 },
  { pitch: -5, speed: 0.9 },
  { pitch: 5, speed: 1.08 },
] as const;
const PITCHES = { lowest: -12, highest: 12 };
const SPEEDS = { slowest: 0.5, fastest: 2 };

/**
 * A voice for each who speaks, no two alike: whoever comes first keeps the chosen one, the others get one that nobody
 * has, always the same for the same character. `voices`: those that speak the language and can be used, the house's
 * own first. Where there are fewer than speakers, pitch and speed tell them apart.
 */
export function assignVoices(
  speakers: readonly CallSpeaker[],
  voices: readonly Pick<Voice, 'ref' | 'gender'>[],
): Map<string, AssignedVoice> {
  const taken = new Map<string, string[]>();
  const assigned = new Map<string, AssignedVoice>();
  const give = (speaker: CallSpeaker, ref: string) => {
    const before = taken.get(ref) ?? [];
    taken.set(ref, [...before, speaker.name]);
    assigned.set(speaker.id, { voice: setApart({ ...speaker.chosen, voice: ref }, before.length), alike: before });
  };
  const usable = new Set(voices.map(({ ref }) => ref));
  const waiting = speakers.filter((speaker) => {
    const ref = speaker.chosen.voice;
    if (ref === null || !usable.has(ref) || taken.has(ref)) return true;
    give(speaker, ref);
    return false;
  });
  for (const [index, speaker] of waiting.entries()) {
    const { voice: chosen } = speaker.chosen;
    const isFirst = index === 0 && taken.size === 0;
    const free = voices.filter(({ ref }) => !taken.has(ref));
    const wished = voices.find(({ ref }) => ref === chosen)?.gender ?? null;
    const fitting = free.filter(({ gender }) => wished === null || gender === wished);
    const among = fitting.length > 0 ? fitting : free;
    // Who begins has the voice that it has when it is alone.
    const own = isFirst ? voices[0] : among[hash(speaker.characterId) % Math.max(1, among.length)];
    const ref = own?.ref ?? (chosen !== null && usable.has(chosen) ? chosen : voices[0]?.ref);
    if (ref !== undefined) give(speaker, ref);
  }
  return assigned;
}

function setApart(voice: CharacterVoice, before: number): CharacterVoice {
  if (before === 0) return voice;
  const { pitch, speed } = APART[(before - 1) % APART.length] ?? APART[0];
  return {
    ...voice,
    pitch: Math.min(PITCHES.highest, Math.max(PITCHES.lowest, voice.pitch + pitch)),
    speed: Math.min(SPEEDS.fastest, Math.max(SPEEDS.slowest, voice.speed * speed)),
  };
}

/** FNV-1a: the same character gets the same voice in every call. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return value;
}
