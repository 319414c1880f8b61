/**
 * Forms of English words that a stemmer cannot bring together: for each word its irregular past forms, plurals or
 * comparisons. Forms that are another word as well (saw, left, found, bore) stand with the commoner reading in talk.
 */
const FORMS = `
arise arose arisen|awake awoke awoken|beat beaten|become became|begin began begun|bend bent|bet betting|bind bound|bite bit bitten|bleed bled|blow blew blown|break broke broken|breed bred|bring brought|broadcast broadcasted|build built|burn burnt|buy bought|catch caught|choose chose chosen|cling clung|come came coming|creep crept|deal dealt|die dying died dies|dig dug|draw drew drawn|dream dreamt|drink drank drunk|drive drove driven|eat ate eaten|fall fell fallen|feed fed|feel felt|fight fought|find found|flee fled|fling flung|fly flew flown flies|forbid forbade forbidden|forget forgot forgotten forgetting|forgive forgave forgiven|freeze froze frozen|get got gotten getting|give gave given|go went gone goes|grind ground|grow grew grown|hang hung|hear heard|hide hid hidden|hold held|keep kept|kneel knelt|know knew known|lay laid|lead led|lean leant|leap leapt|learn learnt|leave left leaving|lend lent|lie lying lied lain|light lit|lose lost losing|make made making|mean meant|meet met|mistake mistook mistaken|overcome overcame|pay paid|prove proven|ride rode ridden|ring rang rung|rise rose risen|run ran running|say said|see saw seen|seek sought|sell sold|send sent|sew sewn|shake shook shaken|shine shone|shoot shot|show shown|shrink shrank shrunk|sing sang sung|sink sank sunk|sit sat|sleep slept|slide slid|speak spoke spoken|speed sped|spell spelt|spend spent|spin spun|spit spat|spoil spoilt|spring sprang sprung|stand stood|steal stole stolen|stick stuck|sting stung|strike struck stricken|strive strove striven|swear swore sworn|sweep swept|swell swollen|swim swam swum|swing swung|take took taken taking|teach taught|tear tore torn|tell told|think thought|throw threw thrown|tie tying tied|tread trod|understand understood|undergo underwent undergone|undertake undertook|wake woke woken|wear wore worn|weave wove woven|weep wept|win won|wind wound|withdraw withdrew withdrawn|write wrote written writing
child children kid kids|man men|woman women|person people|foot feet|tooth teeth|goose geese|mouse mice|leaf leaves|wife wives|life lives|knife knives|wolf wolves|shelf shelves|half halves|loaf loaves|thief thieves|calf calves|scarf scarves|self selves|hoof hooves|ox oxen|die dice
good better best|bad worse worst|far further farthest farther furthest
mom mum mommy mummy mother|dad daddy father|grandma granny grandmother|grandpa granddad grandfather|photo photograph picture pic|tv television|bike bicycle|phone telephone|fridge refrigerator|exam examination|gym gymnasium|vet veterinarian|doc doctor|movie film|fav favorite favourite|color colour|neighbor neighbour|theater theatre|center centre|gray grey|cozy cosy|pajamas pyjamas|math maths mathematics|apartment flat|vacation holiday|store shop|sofa couch|puppy pup dog|kitten kitty cat|birthday bday|tshirt tee
`;

const baseOf = new Map<string, string>();
for (const group of FORMS.trim().split(/[|\n]/)) {
  const [base = '', ...forms] = group.split(' ');
  for (const form of forms) if (!baseOf.has(form)) baseOf.set(form, base);
}

/** The word whose irregular form (or short or regional form) this is; the word itself where there is none. Lower case. */
export function toRegularForm(word: string): string {
  return baseOf.get(word) ?? word;
}
