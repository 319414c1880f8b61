import type { RoomSettings } from '../../contract/rooms.ts';
import type { CardText } from '../character/card.ts';
import type { DepthPrompt } from './prompt-material.ts';

/** A character whose card goes into a joined one. */
export interface JoinedMember {
  card: CardText;
  depthPrompt: DepthPrompt | null;
  isSpeaker: boolean;
}

type Joining = Pick<RoomSettings, 'joinPrefix' | 'joinSuffix'>;

/** Fields that are joined, by the names that SillyTavern gives them in prefix and suffix. */
const FIELDS = {
  description: 'Description',
  personality: 'Personality',
  scenario: 'Scenario',
  exampleDialogue: 'Example Messages',
} as const satisfies Partial<Record<keyof CardText, string>>;

/**
 * One card of several, as SillyTavern's group mode “join character cards” makes it: each field of each member in the
 * order of the list, with the prefix before and the suffix after it, one per line. Names, greetings and instructions
 * stay the speaker's. A scenario of the conversation's own stands for everybody's.
 */
export function joinCards(
  speaker: CardText,
  { members, settings, scenario }: { members: readonly JoinedMember[]; settings: Joining; scenario: string | null },
): CardText {
  const joined = (field: keyof typeof FIELDS): string =>
    members
      .map((member) => joinedField(member, { field, settings }))
      .filter((text) => text !== '')
      .join('\n');
  return {
    ...speaker,
    description: joined('description'),
    personality: joined('personality'),
    scenario: scenario ?? joined('scenario'),
    exampleDialogue: joined('exampleDialogue'),
  };
}

/** Notes at a depth of the others; the speaker's own stands where it always does. */
export function joinedDepthPrompts(members: readonly JoinedMember[]): DepthPrompt[] {
  return members.flatMap(({ isSpeaker, depthPrompt, card }) =>
    isSpeaker || depthPrompt === null ? [] : [{ ...depthPrompt, text: nameCharacter(depthPrompt.text, card.called) }],
  );
}

function joinedField(
  { card, isSpeaker }: JoinedMember,
  { field, settings: { joinPrefix, joinSuffix } }: { field: keyof typeof FIELDS; settings: Joining },
): string {
  const raw = card[field].trim();
  if (raw === '') return '';
  const isExample = field === 'exampleDialogue';
  const begun = isExample && !/^<START>/i.test(raw) ? `<START>\n${raw}` : raw;
  // The speaker's own examples keep their marks, by which its lines are told from others'.
  const text = isExample && isSpeaker ? begun : nameCharacter(begun, card.called);
  const around = (mark: string): string =>
    nameCharacter(
      mark.replaceAll(/<FIELDNAME>/giu, () => FIELDS[field]),
      card.called,
    );
  const [before, after] = [around(joinPrefix), around(joinSuffix)];
  // Examples are read in blocks: what stands around them must not come before a block's mark.
  return isExample ? text.replace(/^<START>\n?/i, (start) => `${start}${before}`) + after : `${before}${text}${after}`;
}

function nameCharacter(text: string, name: string): string {
  return text.replaceAll(/\{\{char\}\}|<BOT>|<CHAR>/giu, () => name);
}
