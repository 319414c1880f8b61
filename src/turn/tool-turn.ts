import type { ToolClaims, ToolPart } from '../../contract/tool-parts.ts';
import type { ConversationRecord } from '../conversation/tree-types.ts';
import type { TurnRequest } from './turn-request.ts';

/** A tool that a model may call in one turn. */
export interface OfferedTool {
  /** As the model calls it: letters, digits, `_` and `-`, at most 64 characters. */
  name: string;
  serverId: string;
  /** The server's name as the owner gave it. */
  server: string;
  /** The server's own name of it. */
  tool: string;
  title: string;
  /** In one line, short; the server's own words. */
  description: string;
  /** JSON text of a JSON Schema of type `object`. */
  inputSchema: string;
  /** Absent where nobody says. */
  claims?: ToolClaims;
  /** As whoever offers it says it, for models that tell the two apart. */
  strict?: boolean;
  /** It belongs to the program that ordered the reply: a call of it ends the reply, and is handed to the program. */
  passed?: true;
}

/** One call under way. */
export interface RunningCall {
  conversation: Pick<ConversationRecord, 'id' | 'ownerId' | 'characterId'>;
  callId: string;
  offered: OfferedTool;
  input: Record<string, unknown>;
  /** The reply is stopped. */
  signal: AbortSignal;
  /** The call got further. */
  onChange: (change: Partial<Pick<ToolPart, 'state' | 'description' | 'output' | 'refused' | 'durationInMs'>>) => void;
}

/** How a call ended; `output` is what the model reads. */
export interface EndedCall {
  state: 'done' | 'failed' | 'denied' | 'stopped' | 'passed';
  output: string;
}

/** The tools of the house as a turn sees them; the tools feature satisfies it. */
export interface ToolsOfTurns {
  /** Those that are on for this reply, in a steady order. */
  offer(request: TurnRequest): Promise<readonly OfferedTool[]>;
  /** Asks whoever may allow it, where that is needed, and calls the tool. Never throws. */
  call(call: RunningCall): Promise<EndedCall>;
}
