import type { RefusedRequest, ToolClaims } from '../../../contract/tool-parts.ts';

/** A program on this machine that speaks MCP over its standard input and output. */
export interface StdioAddress {
  transport: 'stdio';
  command: string;
  args: readonly string[];
}

/** A server elsewhere that speaks MCP over HTTP. */
export interface HttpAddress {
  transport: 'http';
  url: string;
  /** True where the owner lets it be on this machine or in a private network. */
  privateAddresses: boolean;
}

/** How a server of tools is reached. Secrets are variables of its environment, or headers of its requests. */
export interface ToolServerTarget {
  id: string;
  name: string;
  address: StdioAddress | HttpAddress;
  secrets: Readonly<Record<string, string>>;
}

/** Why a tool cannot be offered to a model. */
export type ToolProblem = 'name' | 'duplicate' | 'schema' | 'schema-size';

/** A tool as its server lists it, held to limits. */
export interface ListedTool {
  /** The server's own name of it, by which it is called. */
  name: string;
  title: string;
  /** For people; a model gets a shorter one. */
  description: string;
  /** JSON text of a JSON Schema of type `object`; `{}` where there is a problem. */
  inputSchema: string;
  claims: ToolClaims;
  problem: ToolProblem | null;
  /** sha256 over all it says of itself, hex: a consent holds for this and nothing else. */
  digest: string;
}

export interface ToolList {
  tools: ListedTool[];
  /** How many the server listed, kept or not. */
  total: number;
}

/** What a call gave. */
export interface ToolResult {
  text: string;
  /** True where the server says that it failed. */
  failed: boolean;
  refused: RefusedRequest[];
}
