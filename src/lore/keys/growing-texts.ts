/** How keys and texts are made comparable. */
export interface TextForm {
  caseSensitive: boolean;
  foldAccents: boolean;
}

interface Known {
  isThere: boolean;
  /** Texts looked at so far. */
  upTo: number;
}

/** How a key is looked for; `name` tells the ways apart. */
export interface KeySearch {
  name: string;
  form: TextForm;
  prepare: (text: string, form: TextForm) => string;
  stands: (text: string, key: string) => boolean;
}

/**
 * Texts to look for keys in, to which recursion adds. Every text is prepared once for each form, and every key is
 * looked for once in every text, however often it is asked for: a book's entries are gone through in every loop.
 */
export class GrowingTexts {
  readonly #texts: string[];
  readonly #forms = new Map<string, string[]>();
  readonly #known = new Map<string, Map<string, Known>>();

  constructor(texts: readonly string[] = []) {
    this.#texts = [...texts];
  }

  get all(): readonly string[] {
    return this.#texts;
  }

  add(text: string): void {
    this.#texts.push(text);
  }

  has(key: string, search: KeySearch): boolean {
    const formName = `${search.form.caseSensitive}${search.form.foldAccents}`;
    const keys = mapIn(this.#known, `${search.name}${formName}`);
    let known = keys.get(key);
    if (!known) keys.set(key, (known = { isThere: false, upTo: 0 }));
    if (known.isThere || known.upTo === this.#texts.length) return known.isThere;
    const prepared = search.prepare(key, search.form);
    const forms = this.#formsOf(formName, search);
    while (!known.isThere && known.upTo < forms.length) {
      known.isThere = search.stands(forms[known.upTo] ?? '', prepared);
      known.upTo += 1;
    }
    return known.isThere;
  }

  #formsOf(name: string, { form, prepare }: KeySearch): string[] {
    let forms = this.#forms.get(name);
    if (!forms) this.#forms.set(name, (forms = []));
    for (let index = forms.length; index < this.#texts.length; index += 1) {
      forms.push(prepare(this.#texts[index] ?? '', form));
    }
    return forms;
  }
}

function mapIn<T>(maps: Map<string, Map<string, T>>, name: string): Map<string, T> {
  let map = maps.get(name);
  if (!map) maps.set(name, (map = new Map()));
  return map;
}
