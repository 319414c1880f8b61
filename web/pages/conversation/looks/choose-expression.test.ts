import { expect, test } from 'vitest';
import { chooseExpression, withoutExpressionTags } from './choose-expression.ts';

const NAMES = ['neutral', 'joy', 'sadness', 'anger', 'surprise', 'fear', 'embarrassment'];

test.each([
  ['*She smiles.* Come in, the kettle is on.', 'joy'],
  ['*Tears run down her face.* He is gone.', 'sadness'],
  ['*He slams the door and glares at you.* Get out.', 'anger'],
  ['*Her eyes widen.* You came back?', 'surprise'],
  ['*He trembles.* Do not go down there.', 'fear'],
  ['*她脸红了，移开目光。*才不是呢。', 'embarrassment'],
  ['*他叹了口气，低下头。*我知道。', 'sadness'],
  ['太好了！*她开心地笑了。*', 'joy'],
  ['The harbour is to the left.', 'neutral'],
])('%s looks like %s', (text, expression) => {
  expect(chooseExpression(text, NAMES)).toBe(expression);
});

test('what is denied is no tone', () => {
  expect(chooseExpression('*She does not smile.* Sit down.', NAMES)).toBe('neutral');
  expect(chooseExpression('*她没有笑。*坐吧。', NAMES)).toBe('neutral');
});

test('narration outweighs speech, and the later of two tones the earlier', () => {
  expect(chooseExpression('I am so happy. *He trembles, pale.*', NAMES)).toBe('fear');
  expect(chooseExpression('*She smiles. Then tears come; she sobs.*', NAMES)).toBe('sadness');
});

test('a tag decides, in the forms that cards use, and is no word of the text', () => {
  expect(chooseExpression('[expression: Anger] *She smiles.*', NAMES)).toBe('anger');
  expect(chooseExpression('<surprise> Oh.', NAMES)).toBe('surprise');
  expect(chooseExpression('[joy] Hello [there]', NAMES)).toBe('joy');
  expect(withoutExpressionTags('[joy] Hello [there]', NAMES)).toBe('Hello [there]');
  expect(withoutExpressionTags('[expression: unknown]\nHello', NAMES)).toBe('Hello');
});

test('names of files and near names are found; a card without a fitting one shows its portrait', () => {
  expect(chooseExpression('*He laughs.*', ['happy.png', 'Neutral'])).toBe('happy.png');
  expect(chooseExpression('*He laughs.*', ['anger'])).toBeNull();
  expect(chooseExpression('*He laughs.*', [])).toBeNull();
});
