import type { FactAbout } from '../../../../contract/memory.ts';
import type { StatementRun } from './statement-runs.ts';

/** What a statement is about, and who or what, as far as its words tell. */
export interface Aboutness {
  about: FactAbout;
  subject: string;
}

/** The two who talk. */
export interface Talkers {
  human: string;
  character: string;
}

/** Both at once: how they stand to each other. */
const BETWEEN_US =
  /\b(?:between (?:us|you and me)|you and i|you and me|we (?:first )?met|known each other|our (?:friendship|first talk|secret)|you're my (?:\w+ )?friend)\b|我们(?:俩|两个)?(?:认识|头一次见|第一次聊)|你我|咱俩|你是我(?:的)?(?:\S{0,3})朋友/iu;

/** By rules: a promise is one's own word about the future; what a speaker says is of the speaker unless it names both, and of somebody else what somebody else says. */
export function aboutOf({ turn, sentences, quote }: StatementRun, { human, character }: Talkers): Aboutness {
  const isOfOthers = turn.byOther === true;
  const shows = (name: string): boolean => sentences.some(({ signals }) => signals.has(name));
  if (!isOfOthers && shows('promise') && shows('firstPerson')) return { about: 'promise', subject: turn.speaker };
  if (!isOfOthers && (BETWEEN_US.test(quote) || shows('callMe')))
    return { about: 'relationship', subject: `${human}, ${character}` };
  const isOfPeople = ['firstPerson', 'thirdPerson', 'kin', 'social', 'mySocial', 'ownThing'].some(shows);
  if (!isOfPeople && shows('place')) return { about: 'place', subject: turn.speaker };
  if (isOfOthers) return { about: 'other', subject: turn.speaker };
  return { about: turn.byHuman ? 'user' : 'character', subject: turn.speaker };
}
