import { argv, exit, stdout } from 'node:process';
import { checkConversation } from './conversation-rules.ts';
import { readOwnSet } from './own-set.ts';

/** `check-set.ts FILE_OR_FOLDER`: says what is wrong with conversations of the own set; exit code 1 where something is. */
const [path = new URL('.', import.meta.url).pathname] = argv.slice(2);
let wrong = 0;
for (const conversation of await readOwnSet(path)) {
  const problems = checkConversation(conversation);
  wrong += problems.length;
  stdout.write(`${conversation.id}: ${problems.length === 0 ? 'good' : `${problems.length} to mend`}\n`);
  for (const problem of problems) stdout.write(`  ${problem}\n`);
}
exit(wrong > 0 ? 1 : 0);
