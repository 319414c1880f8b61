import type { TurnChoice } from '../../../../contract/rooms.ts';
import { findHeardNames } from './find-heard-names.ts';
import { findMentions } from './find-mentions.ts';
import { bySilence, type SaidMessage, type TurnCandidate, type TurnView } from './turn-question.ts';

/**
 * As people do: who is mentioned speaks; then whoever likes to talk, by a throw of the dice for each; where somebody
 * has to speak and nobody wanted to, the one who was silent longest. Who has answered since a human spoke does not
 * throw again, unless somebody has to go on.
 */
export function chooseNaturally(view: TurnView): TurnChoice | null {
  const mentioned = findMentioned(view);
  if (mentioned) return { participantId: mentioned.participantId, by: 'mention', why: '' };
  const { free, said, random, mustSpeak } = view;
  const throwing = free.filter((candidate) => mustSpeak || !view.hasSpoken(candidate));
  const willing = throwing.filter(({ talkativeness }) => random() * 100 < talkativeness);
  const [talkative] = bySilence(willing, said);
  if (talkative) return { participantId: talkative.participantId, by: 'talkativeness', why: '' };
  if (!mustSpeak) return null;
  const sociable = free.filter(({ talkativeness }) => talkativeness > 0);
  const [silent] = bySilence(sociable.length > 0 ? sociable : free, said);
  return silent ? { participantId: silent.participantId, by: 'fairness', why: '' } : null;
}

/** Of the last message; then of the last human one, whoever has not had their say since. */
function findMentioned({ free, said, candidates, hasSpoken }: TurnView): TurnCandidate | undefined {
  const last = said.at(-1);
  if (!last) return undefined;
  const among = ({ text, participantId: authorId, heard }: SaidMessage) =>
    (heard === true ? findHeardNames : findMentions)(text, candidates)
      .filter((id) => id !== authorId)
      .flatMap((id) => free.find(({ participantId }) => participantId === id) ?? []);
  const [now] = among(last);
  if (now || last.byHuman) return now;
  const asked = said.findLast(({ byHuman }) => byHuman);
  return asked && among(asked).find((candidate) => !hasSpoken(candidate));
}
