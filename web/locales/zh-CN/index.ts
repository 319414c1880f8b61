import type { Texts } from '../en/index.ts';
import call from './call.json';
import cards from './cards.json';
import books from './books.json';
import characters from './characters.json';
import clones from './clones.json';
import compose from './compose.json';
import common from './common.json';
import developers from './developers.json';
import door from './door.json';
import editor from './editor.json';
import errors from './errors.json';
import files from './files.json';
import inspector from './inspector.json';
import library from './library.json';
import list from './list.json';
import looks from './looks.json';
import memory from './memory.json';
import moving from './moving.json';
import personas from './personas.json';
import presets from './presets.json';
import room from './room.json';
import search from './search.json';
import settings from './settings.json';
import talk from './talk.json';
import tree from './tree.json';
import tools from './tools.json';
import voices from './voices.json';
import welcome from './welcome.json';
import worlds from './worlds.json';

/** A language has only the plural forms it knows, so `…_one` keys of the English texts may be missing here. */
type Plural<T> = {
  [Key in keyof T as Key extends `${string}_one` ? never : Key]: T[Key] extends string ? string : Plural<T[Key]>;
};

const translated: Plural<Texts> = {
  books,
  call,
  cards,
  characters,
  clones,
  compose,
  common,
  developers,
  door,
  editor,
  errors,
  files,
  inspector,
  library,
  list,
  looks,
  memory,
  moving,
  personas,
  presets,
  room,
  search,
  settings,
  talk,
  tree,
  tools,
  voices,
  welcome,
  worlds,
};

/** i18next asks for the forms its plural rules name; the missing ones are never asked for in Chinese. */
export const texts = translated as Texts;
