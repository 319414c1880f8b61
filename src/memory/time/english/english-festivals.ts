import { lastOccurrence, nextOccurrence, yearlyOccurrence } from '../civil-days.ts';
import { festivals, type FestivalName } from '../festivals.ts';
import { yearTailAt } from './english-dates.ts';
import { yearlyDirection, isWord, wordAt, type EnglishInput, type Parsed } from './english-input.ts';

const phrases: readonly (readonly [string, FestivalName])[] = [
  ['christmas eve', 'christmasEve'],
  ['christmas day', 'christmas'],
  ['christmas', 'christmas'],
  ['xmas eve', 'christmasEve'],
  ['xmas', 'christmas'],
  ['boxing day', 'boxingDay'],
  ['chinese new years eve', 'springFestivalEve'],
  ['lunar new years eve', 'springFestivalEve'],
  ['chinese new year', 'springFestival'],
  ['lunar new year', 'springFestival'],
  ['spring festival', 'springFestival'],
  ['new years eve', 'newYearsEve'],
  ['new year s eve', 'newYearsEve'],
  ['new years day', 'newYear'],
  ['new years', 'newYear'],
  ['thanksgiving day', 'thanksgiving'],
  ['thanksgiving', 'thanksgiving'],
  ['black friday', 'blackFriday'],
  ['good friday', 'goodFriday'],
  ['easter sunday', 'easter'],
  ['easter monday', 'easterMonday'],
  ['easter', 'easter'],
  ['halloween', 'halloween'],
  ['bonfire night', 'bonfireNight'],
  ['guy fawkes night', 'bonfireNight'],
  ['valentines day', 'valentine'],
  ['valentines', 'valentine'],
  ['mothers day', 'mothersDay'],
  ['fathers day', 'fathersDay'],
  ['st patricks day', 'stPatrick'],
  ['saint patricks day', 'stPatrick'],
  ['independence day', 'independenceDay'],
  ['fourth of july', 'independenceDay'],
  ['labor day', 'laborDay'],
  ['memorial day', 'memorialDay'],
  ['veterans day', 'veteransDay'],
  ['earth day', 'earthDay'],
  ['juneteenth', 'juneteenth'],
  ['international womens day', 'womensDay'],
  ['womens day', 'womensDay'],
  ['april fools day', 'aprilFools'],
  ['april fools', 'aprilFools'],
  ['lantern festival', 'lanternFestival'],
  ['mid autumn festival', 'midAutumn'],
  ['mid - autumn festival', 'midAutumn'],
  ['moon festival', 'midAutumn'],
  ['dragon boat festival', 'dragonBoat'],
  ['qingming festival', 'qingming'],
  ['qingming', 'qingming'],
  ['tomb sweeping day', 'qingming'],
  ['tomb - sweeping day', 'qingming'],
  ['double ninth festival', 'doubleNinth'],
  ['qixi festival', 'qixi'],
  ['qixi', 'qixi'],
  ['winter solstice', 'winterSolstice'],
];
const wordsOfPhrases = phrases.map(([phrase, name]) => ({ words: phrase.split(' '), name }));
const byFirstWord = Map.groupBy(wordsOfPhrases, ({ words }) => words[0] ?? '');

/** The first words of feasts. */
export const festivalHeads: readonly string[] = [...byFirstWord.keys()];

/** Things that have a feast's name and are there at other times too. */
const festivalThings = new Set(
  'tree trees present presents gift gifts card cards light lights carol carols song songs movie movies ornament ornaments market markets cookie cookies sweater decoration decorations costume costumes egg eggs bunny candy music island story special jumper pudding cake magic spirit tradition traditions resolution resolutions lily'.split(
    ' ',
  ),
);

/** "Christmas", "last Easter", "Christmas 2021", "Halloween last year", "the Thanksgiving before last". */
export function festivalAt(input: EnglishInput, at: number): Parsed | null {
  const the = isWord(input, at, 'the') ? at + 1 : at;
  const lead = isWord(input, the, 'last', 'next', 'this', 'past') ? wordAt(input, the) : '';
  const start = lead ? the + 1 : the;
  const match = byFirstWord
    .get(wordAt(input, start))
    ?.find(({ words }) => words.every((word, each) => wordAt(input, start + each) === word));
  if (!match) return null;
  const next = start + match.words.length;
  const festival = festivals[match.name];
  const { reference } = input;
  const tail = yearTailAt(input, next);
  if (tail) {
    const span = festival(tail.year);
    return span && { span, next: tail.next };
  }
  if (festivalThings.has(wordAt(input, next)) || isWord(input, at - 1, 'every', 'each', 'merry', 'happy')) return null;
  const isBeyond = isWord(input, next, 'before') && isWord(input, next + 1, 'last');
  if (isBeyond) {
    const last = lastOccurrence(festival, reference, reference.day * 1_440);
    const before = last && lastOccurrence(festival, reference, last.from);
    return before && { span: before, next: next + 2 };
  }
  const span = chosenFestival(input, { at, next, festival, lead });
  return span && { span, next };
}

function chosenFestival(
  input: EnglishInput,
  { at, next, festival, lead }: { at: number; next: number; festival: (typeof festivals)[FestivalName]; lead: string },
): Parsed['span'] | null {
  const { reference } = input;
  if (lead === 'this') return festival(reference.year);
  // Today's feast is neither the last nor the next one.
  if (lead === 'last' || lead === 'past') return lastOccurrence(festival, reference, reference.day * 1_440);
  if (lead === 'next') return nextOccurrence(festival, reference, (reference.day + 1) * 1_440);
  return yearlyOccurrence(festival, reference, yearlyDirection(input, at, next));
}
