import { useTranslation } from 'react-i18next';
import { messageText } from '../../../../client/message-text.ts';
import { Scene } from '../../../ui/scene.tsx';
import { chooseExpression } from './choose-expression.ts';
import type { Passage } from './novel-passages.ts';
import classes from './novel.module.css';
import type { CastMember } from './use-cast.ts';

/** Who is there, beside each other; whoever speaks stands forward. */
export function NovelCast({
  cast,
  passages,
  at,
}: {
  cast: readonly CastMember[];
  passages: readonly Passage[];
  at: number;
}) {
  const { t } = useTranslation('looks');
  const speaker = passages[at]?.message.author;
  return (
    <div className={classes['cast']} data-count={Math.min(cast.length, 4)}>
      {cast.map((member) => {
        const text = saidLast(member, passages, at);
        const name = chooseExpression(
          text,
          member.expressions.map((picture) => picture.name),
        );
        const face = member.expressions.find((picture) => picture.name === name);
        const speaking = speaker?.kind === 'character' && speaker.id === member.characterId;
        return (
          <figure
            key={member.characterId}
            data-speaking={speaking || cast.length === 1}
            data-face={face?.name}
            data-cutout={face !== undefined}
          >
            <Scene
              pictureUrl={face?.url ?? member.pictureUrl}
              alt={face === undefined ? member.name : t('novel.face', { name: member.name, expression: face.name })}
              seed={member.characterId}
            />
          </figure>
        );
      })}
    </div>
  );
}

/** What a character said last up to a passage: of that message the words read so far. */
function saidLast({ characterId }: CastMember, passages: readonly Passage[], at: number): string {
  const read = passages.slice(0, at + 1);
  const last = read.findLast(({ message }) => message.author.id === characterId);
  if (last === undefined) return '';
  const own = read.filter(({ message }) => message.id === last.message.id);
  const whole = messageText(last.message);
  // A tag at the head of the message names the face for all of it.
  return own.length > 0 ? own.map(({ text }) => text).join('\n') : whole;
}
