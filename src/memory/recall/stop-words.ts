/** English words that say nothing about what a turn is about; parts of contractions ("don’t" gives don, t) among them. */
const ENGLISH = new Set(
  `a about above after again all also always am an and any are aren as at be because been before being below between
  both but by can cannot could couldn d did didn do does doesn doing don down during each even ever few for from further
  get gets getting got go goes going gone went had hadn has hasn have haven having he hello her here hers herself hey hi him himself his how i if in into is
  isn it its itself just let ll m ma may me might more most much must my myself no nor not now of off oh ok okay on once
  only or other our ours ourselves out over own re really s same shall she should shouldn so some such t than that the
  their theirs them themselves then there these they this those through to too under until up us ve very was wasn way we
  were weren what when where which while who whom whose why will with won would wouldn yeah yes you your yours yourself
  yourselves wow lol haha`.split(/\s+/),
);

/** Characters of Chinese and kana of Japanese that are grammar far more often than meaning. */
const CHARACTERS = new Set(
  '的了是在我你他她它们这那个和与就都也还不没有吗呢吧啊呀哦嗯么着过得地把被让给对从到很太会要想说去来上下之而但又再只什哪谁怎几多少为以所可能' +
    'のはがをにへとでもやかなよねわだするたてしいう' +
    '은는이가을를에의도로와과',
);

export function isStopWord(word: string): boolean {
  return ENGLISH.has(word);
}

export function isStopCharacter(character: string): boolean {
  return CHARACTERS.has(character);
}
