import { expect, test } from 'vitest';
import type { MessageNode } from '../conversation/tree-types.ts';
import { createScriptedModel } from '../models/scripted/scripted-model.ts';
import { choosePictures, PictureRoom } from './show-pictures.ts';

const seeing = { ...createScriptedModel({ seesPictures: true }), pictureTokens: () => 100 };
const messages = Array.from({ length: 9 }, (_, index) => ({
  node: {
    id: `m${index}`,
    author: { kind: 'human' },
    parts: [{ type: 'image', attachmentId: `a${index}`, name: `p${index}`, width: 9, height: 9 }],
  } as unknown as MessageNode,
}));
const names = (budget: number, model = seeing) => {
  const { told } = choosePictures(messages, new PictureRoom({ model, budget }));
  return [told.pictures.join(' '), told.picturesTold];
};

test('the newest pictures are shown, as many as fit their share of the prompt, and at most six', () => {
  expect(names(100_000)).toEqual(['p3 p4 p5 p6 p7 p8', 3]);
  expect(names(500)).toEqual(['p7 p8', 7]);
  // The newest may take more than the share of all.
  expect(names(150)).toEqual(['p8', 8]);
  expect(names(140)).toEqual(['', 9]);
});

test('where a model’s rule is not known the most that any takes is reckoned with; a blind one is shown none', () => {
  const { pictureTokens: _rule, ...unknown } = seeing;
  expect(names(5000, unknown as typeof seeing)).toEqual(['p8', 8]);
  expect(names(100_000, { ...seeing, seesPictures: false })).toEqual(['', 9]);
});
