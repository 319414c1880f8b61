/** What people say before and after they search for a word. */
export const ENGLISH_HESITATIONS: readonly (readonly [string, string])[] = [
  ['I wanted to call you yesterday, but', 'my telephone was broken.'],
  ['We moved to the city because', 'my father found work there.'],
  ['In the evening we went to see the', 'old theater on the square.'],
  ['I bought some bread and', 'a piece of cheese for supper.'],
  ['She told me that if', 'it rains, we stay at home.'],
  ['I would like to talk to my', 'grandson about his new school.'],
  ['He was a very', 'kind man, and everybody liked him.'],
  ['Yesterday I saw a', 'fox behind the garden fence.'],
  ['I do not know whether', 'the shop is open on Sunday.'],
  ['My brother was older than', 'most of the other soldiers.'],
  ['We had no money, and', 'the winter was long and cold.'],
  ['Could you read me the', 'letter that came this morning?'],
];
