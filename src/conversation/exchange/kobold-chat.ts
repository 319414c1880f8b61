import { documentHead, looseMessage, type LooseMessage, type ReadDocument } from './chat-document.ts';
import { orderChain } from './order-tree.ts';
import { asArray, asObject, asText, type JsonObject } from './safe-json.ts';

const INPUT = '{{[INPUT]}}';
const MARKERS = /(\{\{\[(?:INPUT|OUTPUT)\]\}\})/;
/** Between the names of several opponents. */
const OPPONENTS = '||$||';

/** Kobold Lite: a story in `prompt` and `actions[]`, with markers, or the names of a chat, where the speaker changes. */
export function readKoboldChat(document: JsonObject): ReadDocument | null {
  const settings = asObject(document['savedsettings']);
  const userName = asText(settings['chatname']);
  const opponents = asText(settings['chatopponent']).split(OPPONENTS).filter(Boolean);
  const speakers = [userName, ...opponents].filter(Boolean);
  const messages: LooseMessage[] = [];
  for (const action of [document['prompt'], ...asArray(document['actions'])]) {
    let isHuman = false;
    for (const piece of asText(action).split(MARKERS)) {
      if (MARKERS.test(piece)) {
        isHuman = piece === INPUT;
        continue;
      }
      for (const { name, text } of splitBySpeaker(piece, speakers)) {
        const said = text.trim();
        const human = name === null ? isHuman : name === userName;
        const author = name ?? (human ? userName : (opponents[0] ?? ''));
        if (said !== '')
          messages.push(looseMessage('kobold', { kind: human ? 'human' : 'character', name: author, text: said }));
      }
    }
  }
  if (messages.length === 0) return null;
  const { prompt: _prompt, actions: _actions, ...foreign } = document;
  return {
    head: documentHead('kobold', {
      title: document['title'],
      characterName: opponents[0],
      userName,
      foreign: { document: foreign },
    }),
    nodes: orderChain(messages),
  };
}

/** `Name: text` at the beginning of a line is that speaker's. */
function splitBySpeaker(text: string, speakers: readonly string[]): { name: string | null; text: string }[] {
  const turns: { name: string | null; text: string }[] = [{ name: null, text: '' }];
  for (const line of text.split('\n')) {
    const name = speakers.find((speaker) => line.startsWith(`${speaker}:`));
    if (name !== undefined) turns.push({ name, text: line.slice(name.length + 1) });
    else {
      const turn = turns.at(-1);
      if (turn) turn.text += `${turn.text === '' ? '' : '\n'}${line}`;
    }
  }
  return turns;
}
