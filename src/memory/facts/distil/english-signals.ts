import type { SignalTable } from './signals.ts';

const KIN =
  '(?:(?:great-?|grand|step|half-|god)?(?:mother|mum|mom|mam|father|dad|sister|brother|son|daughter|child|children|kids?)|(?:mother|father|sister|brother|son|daughter)-in-law|parents|wife|husband|partner|girlfriend|boyfriend|fianc[ée]e?|grandparents|grandma|grandpa|gran|nan|granny|aunt|auntie|uncle|cousin|niece|nephew|twins?|ex)';
const SOCIAL =
  '(?:boss|landlord|landlady|neighbou?r|colleague|co-?worker|friend|roommate|flatmate|teacher|professor|tutor|doctor|therapist|manager|student|apprentice|assistant|producer|editor|cat|dog|horse|budgie|parrot|rabbit|bird)';
const MONTHS = '(?:january|february|march|april|june|july|august|september|october|november|december)';
const NUMBERS =
  '(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:[- ]\\w+)?|hundred|thousand|million|first|second|third|fourth|fifth|\\w+(?:teenth|tieth))';

/** What an English sentence shows of being a statement about somebody's life. Patterns run over lower case. */
export const englishSignals: SignalTable = {
  myKin: new RegExp(`\\b(?:my|our) (?:\\w+ ){0,2}?${KIN}\\b`),
  mySocial: new RegExp(`\\b(?:my|our) (?:\\w+ ){0,2}?${SOCIAL}\\b`),
  kin: new RegExp(`\\b${KIN}s?\\b`),
  ownThing: /\b(?:my|our) \w+/,
  firstPerson: /\b(?:i|i'm|i've|i'd|i'll|we|we're|we've|me|my|our)\b/,
  secondPerson: /\b(?:you|you're|you've|you'd|you'll|your|yours)\b/,
  thirdPerson: /\b(?:he|she|they|his|her|their|he's|she's|they're)\b/,
  isA: /\b(?:i'm|i am|he's|he is|she's|she is|was|were) (?:a|an|the|my|our) \w+/,
  lives:
    /\b(?:live|lives|lived|living|moved?|moves|moving|settled|emigrated|grew up|born|raised|come from|came from|comes from)\b|\b(?:i'm|i am|is|was|he's|she's) from\b/,
  works:
    /\b(?:works?|worked|working|teach|teaches|taught|teaching|runs?|ran|study|studies|studied|studying|retired|job|hired|fired|promoted|salary|wages|shift|apprentice)\b/,
  event:
    /\b(?:married|divorced|engaged|bought|sold|inherited|adopted|quit|graduated|passed|failed|lost|broke|signed|built|won|joined|founded|opened|closed|died|dead|buried|funeral|pregnant|baby|due|diagnosed|operated|operation|surgery|fell|burned|left me|started|stopped|gave up|finished|published|hired|rented)\b/,
  health:
    /\b(?:allergic|allergy|vegetarian|vegan|diabetic|diabetes|asthma|arthritis|left-handed|colou?r-?blind|deaf|dyslexic|intolerant|migraines?|cancer|insulin|heart|hip|stroke|dementia|anxiety|depression|blood pressure|hearing aid|inhaler|gluten|lactose|peanuts?)\b/,
  likes:
    /\bi (?:really |absolutely |still |also |never |always |do )?(?:love|hate|prefer|adore|detest|dislike|collect|play|speak|drink|eat|drive|swim|smoke|run|knit|paint|read|bake|sing)\b|\bcan't stand\b|\bcan't bear\b|\bfavou?rite\b|\b(?:afraid|scared|terrified) of\b|\bi don't (?:eat|drink|like|smoke|drive|swim|dance|sing|fly)\b/,
  habit:
    /\b(?:every (?:\w+day|day|week|month|year|morning|night|summer|winter|spring)|always|never|usually|(?:mon|tues|wednes|thurs|fri|satur|sun)days)\b/,
  usedTo:
    /\bused to\b|\bwhen i was\b|\bas a (?:boy|girl|child|kid|student)\b|\byears ago\b|\bsince (?:i|he|she|we|\d|19|20)\b|\bfor (?:\w+ |\w+-\w+ )?years\b|\bback in\b/,
  age: /\byears? old\b|\b(?:i'm|i am|is|was|he's|she's|turned|turns|turning|at) (?:\d{1,3}|\w+ty(?:-\w+)?|\w+teen|five|six|seven|eight|nine|ten|eleven|twelve)\b(?! (?:per|percent|euros?|dollars?|pounds?|minutes|hours|days))/,
  called: /\b(?:called|named|name is|name was|name's|names are|nickname|christened|maiden name)\b/,
  birthday: /\bbirthdays?\b|\banniversary\b|\bwedding\b/,
  number: new RegExp(`\\d|\\b${NUMBERS}\\b`),
  year: /\b(?:1[89]|20)\d\d\b|'\d\d\b|\bnineteen[ -]\w+|\btwenty[ -](?:oh|ten|eleven|twelve|\w+teen|twenty)\b/,
  date: new RegExp(
    `\\b${MONTHS}\\b|\\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\\b|\\bthe (?:\\d{1,2}(?:st|nd|rd|th)|\\w+(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|teenth|tieth))\\b|\\b(?:christmas|easter)\\b`,
  ),
  money: /[€$£¥]|\b(?:euros?|dollars?|pounds?|złoty|quid|bucks|cents|rent|mortgage|deposit|loan)\b/,
  have: /\b(?:i've got|i have|i had|we have|we had|we've got|he has|she has|has got|owns?|owned)\b/,
  plan: /\b(?:going to|i'll|we'll|he'll|she'll|will)\b/,
  promise:
    /\b(?:promise|i swear|(?:i'll|i will) (?:call|ring|bring|send|write|come|tell|remind|keep|make|be there|teach|show|save|pay)|you have my word|i give you my word|it's a deal)\b/,
  callMe: /\bcall me\b|\bcorrect me\b|\bdon't call me\b/,
  perhaps:
    /\b(?:if|unless|whether|suppose|supposing|imagine|pretend|as though|as if|what if|i wish|would|i'd|could|might|maybe|perhaps|probably|someday|one day|may be)\b/,
  opinion:
    /\b(?:i think|i guess|i suppose|i believe|not sure|i don't know|i hope|hopefully|seems?|sounds?|looks like|feels? like|i mean|you know|i bet|i doubt)\b/,
  request:
    /^(?:oh,? |well,? |and |so |then |but |ok(?:ay)?,? |now,? |no,? )*(?:please|tell|give|show|help|let|let's|don't|do not|remember|remind|make|write|say|look|listen|wait|stop|come|go|try|imagine|guess|think|ask|keep|take|be|describe|explain|read|sing|put|leave|bring|hold|start|begin|send|call|get|promise|forget|never mind|mind)\b/,
  feeling:
    /\b(?:i'm|i am|i feel|i was|i felt|i'm still|we're) (?:so |very |really |a bit |a little |quite |too |pretty |just |still |kind of |not )*(?:tired|exhausted|hungry|thirsty|sad|happy|glad|bored|cold|hot|warm|sick|ill|fine|ok|okay|good|well|bad|angry|cross|mad|nervous|anxious|worried|excited|proud|sorry|ashamed|embarrassed|lonely|drunk|ready|sure|serious|crying|shaking|laughing|joking|kidding|relieved|surprised|delighted|furious|jealous|upset|stressed|back|here|home|late|done|awake)\b/,
  moment:
    /\b(?:right now|just now|at the moment|this minute|tonight|now|today|this (?:morning|evening|afternoon)|yesterday|last night)\b/,
  progressive:
    /\b(?:i'm|i am|we're|he's|she's|they're|it's|i was|we were) (?:just |still |already |really |only |finally |not )?(?!(?:living|working|studying|learning|teaching|seeing|dating|getting|expecting|retiring|moving|going)\b)\w+ing\b/,
  joke: /\b(?:haha|lol|jk|just kidding|kidding|joking|just a joke)\b|😂|🤣|;\)/,
  saying: /\b(?:he|she|they|i|said|says|told me|asked)\b[^.]{0,40}["“]/,
  narrative:
    /\b(?:said|came|went|took|looked|put|got|gave|told|laughed|cried|sat|stood|turned|walked|asked|brought|pulled|threw|held|heard|saw|kept saying|rang|wrote back|smiled|stopped at)\b/,
  state: /\b(?:is|are|has|'s|he's|she's|they're|does|doesn't|isn't)\b/,
  appositive: /, (?:my|his|her|our|the|an?|he's|she's|who) \w+/,
  fragment: /^[^a-z]*(?:on|in|at|with|from|for|of|the|a|an|and|but|or|not|no) [^,]*$/,
  dream:
    /\b(?:dream|dreamt|dreamed|in the story|in the game|character|act (?:one|two|three)|chapter|scene|novel|song|lyrics)\b/,
  simile: /\b(?:like a|like an|as if)\b/,
  exclaims: /!/,
  asks: /\?/,
};
