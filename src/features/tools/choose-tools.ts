import type { ConversationTool, ToolConsent } from '../../../contract/tools.ts';
import type { ListedTool } from '../../models/tools/tool-server.ts';
import type { ToolChoice, ToolScope } from '../../models/tools/tool-choice-store.ts';
import type { ToolServerRecord } from '../../models/tools/tool-server-store.ts';

/** A tool as it stands in a conversation, for its person. */
export interface StandingTool {
  server: ToolServerRecord;
  listed: ListedTool;
  on: boolean;
  onBy: ConversationTool['onBy'];
  consent: ToolConsent;
  consentBy: ConversationTool['consentBy'];
}

/**
 * Tools that may be used in a conversation, and whether they are: the conversation's own choice wins over its
 * character's; a choice for one tool over one for its whole server; off where nobody chose. A consent that was given
 * holds for what the tool said of itself then: one that changed is asked for again.
 */
export function standingTools(
  servers: readonly ToolServerRecord[],
  { choices, isOwner }: { choices: readonly ToolChoice[]; isOwner: boolean },
): StandingTool[] {
  return servers
    .filter(({ enabled, shared }) => enabled && (shared || isOwner))
    .flatMap((server) =>
      server.list.tools
        .filter(({ name, problem }) => problem === null && !server.disabledTools.includes(name))
        .map((listed) => {
          const own = choices.filter(
            ({ serverId, tool }) => serverId === server.id && (tool === '' || tool === listed.name),
          );
          return { server, listed, ...isOn(own), ...consentOf(own, listed) };
        }),
    );
}

function isOn(choices: readonly ToolChoice[]): Pick<StandingTool, 'on' | 'onBy'> {
  for (const scope of ['conversation', 'character'] as const) {
    const choice = nearest(choices, scope, ({ isOn: chosen }) => chosen !== null);
    if (choice) return { on: choice.isOn === true, onBy: scope };
  }
  return { on: false, onBy: 'default' };
}

function consentOf(
  choices: readonly ToolChoice[],
  { digest }: ListedTool,
): Pick<StandingTool, 'consent' | 'consentBy'> {
  for (const scope of ['conversation', 'person'] as const) {
    const choice = nearest(
      choices,
      scope,
      (one) => one.consent !== null && (one.consent !== 'always' || one.digest === digest),
    );
    if (choice?.consent) return { consent: choice.consent, consentBy: scope };
  }
  return { consent: 'ask', consentBy: 'default' };
}

/** Of one scope, the choice for the tool itself before that for its server. */
function nearest(
  choices: readonly ToolChoice[],
  scope: ToolScope,
  says: (choice: ToolChoice) => boolean,
): ToolChoice | undefined {
  const some = choices.filter((choice) => choice.scope === scope && says(choice));
  return some.find(({ tool }) => tool !== '') ?? some[0];
}

/** Names that models can call, each once: by the tool, and by its server where two have one name. */
export function callNames(tools: readonly StandingTool[]): Map<StandingTool, string> {
  const names = new Map<StandingTool, string>();
  const taken = new Set<string>();
  for (const tool of tools) {
    const plain = callName(tool.listed.name);
    const full = callName(`${tool.server.name}_${tool.listed.name}`);
    let name = taken.has(plain) ? full : plain;
    for (let count = 2; taken.has(name); count += 1) name = `${full.slice(0, 60)}_${count}`;
    taken.add(name);
    names.set(tool, name);
  }
  return names;
}

/** Every provider takes these characters, and so many. */
function callName(text: string): string {
  const name = text.replace(/[^a-zA-Z0-9_-]+/g, '_').slice(0, 64);
  return /^[a-zA-Z]/.test(name) ? name : `t_${name}`.slice(0, 64);
}
