import { samplePdf } from '../../tests/support/sample-files.ts';

/** Something that stands on one page, a question that does not repeat its sentence, and what a right answer holds. */
export interface LogQuestion {
  question: string;
  /** From 1. */
  page: number;
  answer: RegExp;
}

const PAGES = 30;
const LINES = 14;

const TOLD: readonly (readonly [sentence: string, question: string, answer: RegExp])[] = [
  ['The foghorn was bought in 1931 from a yard in Leith.', 'From which town came the foghorn?', /leith/i],
  ['The keeper of that winter was Agnes Thorne, who spoke to gulls.', 'Who spoke to gulls?', /agnes|thorne/i],
  ['The lens was ground in Paris and weighs two tonnes.', 'How heavy is the lens?', /two tonnes|2 t/i],
  ['A whale was stranded below the cliff for nine days.', 'How long did the whale lie there?', /nine|9 day/i],
  ['Supplies came by the steamer Corvus on the first Monday.', 'Which ship brought supplies?', /corvus/i],
  ['The stair has 193 steps of granite.', 'How many steps does the stair have?', /193/],
  ['The well ran dry in August and was dug nine feet deeper.', 'In which month did the well run dry?', /august/i],
  ['Lightning split the flagpole and killed the goat.', 'What killed the goat?', /lightning/i],
  ['The cat Bosun kept the oil store free of rats.', 'What was the cat called?', /bosun/i],
  ['The lamp was changed from oil to paraffin by order of the Board.', 'What did the lamp burn later?', /paraffin/i],
  ['Keeper Edwin Pike broke his knee on the gallery ladder.', 'What did Edwin Pike break?', /knee/i],
  ['The red logbook was kept under the third floorboard.', 'Where was the red logbook hidden?', /floorboard/i],
  ['A bottle from Bergen was found with a letter to Astrid.', 'Whom was the letter in the bottle for?', /astrid/i],
  ['The inn of Sallow Haven is called the Blind Gull.', 'What is the inn of Sallow Haven called?', /blind gull/i],
  ['The Board offered eleven pounds for an automatic lamp.', 'How much did the Board offer?', /eleven|11/i],
  ['The sea froze as far as the reef in February 1947.', 'When did the sea freeze?', /1947|february/i],
  ['Captain Ruhl paid for the new chapel bell.', 'Who paid for the chapel bell?', /ruhl/i],
  ['The barometer is a present of the Danish consul.', 'Who gave the barometer?', /consul|danish/i],
  ['Potatoes were planted on the south terrace in April.', 'What grew on the south terrace?', /potato/i],
  ['The smuggler Hallam hid brandy in the boathouse loft.', 'What did Hallam hide?', /brandy/i],
  ['A radio was set up by the engineer Lidia Novak.', 'Who set up the radio?', /lidia|novak/i],
  ['The stove was painted green after the great flood.', 'Which colour has the stove?', /green/i],
  ['The mail boat Marguerite sank off Gannet Point.', 'Where did the mail boat sink?', /gannet/i],
  ['The keeper’s dog Tully could ring the fog bell.', 'What could the dog Tully do?', /bell/i],
];

/** Nothing in the log says this. */
export const NEVER_TOLD: readonly string[] = [
  'What was the name of the keeper’s first wife?',
  'How many books are in the library?',
  'Which king visited the lighthouse?',
  'What does a ticket for the ferry cost?',
  'Who designed the tower?',
  'On which day was the telescope stolen?',
];

/** Thirty pages of a log: a routine that says nothing, and on most of them one thing more. */
export function lighthouseLog(): { pdf: Buffer; questions: LogQuestion[] } {
  const questions: LogQuestion[] = [];
  const pages = Array.from({ length: PAGES }, (_, index) => {
    const routine = Array.from(
      { length: LINES },
      (_unused, line) => `Watch ${line + 1} of day ${index + 1}: wind from the west, sea moderate, nothing seen.`,
    );
    // Every fifth page says nothing.
    const told = index % 5 === 4 ? undefined : TOLD[index - Math.floor(index / 5)];
    if (told === undefined) return routine;
    const [sentence, question, answer] = told;
    questions.push({ question, page: index + 1, answer });
    return [...routine.slice(0, LINES / 2), sentence.replaceAll('’', "'"), ...routine.slice(LINES / 2)];
  });
  return { pdf: samplePdf(pages), questions };
}
