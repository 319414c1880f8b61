/** A run of the frozen developer tasks against one version of a model. */
export interface OpenboxRunTable {
  id: string;
  model: string;
  /** The weights or the provider behind the name. */
  modelVersion: string;
  /** `house`, or the address of another server. */
  target: string;
  suiteVersion: string;
  suiteDigest: string;
  houseVersion: string;
  /** The share of the tasks that was drawn. */
  sample: number;
  seed: number;
  /** 0 where somebody stopped it. */
  complete: number;
  /** JSON of its scores and of its prediction. */
  summary: string;
  startedAt: number;
  endedAt: number;
}

export interface OpenboxResultTable {
  runId: string;
  taskId: string;
  position: number;
  category: string;
  language: string;
  /** `passed`, `wrong` or `error`. */
  outcome: string;
  tookMs: number;
  /** JSON of the reasons and of the answer's beginning. */
  details: string;
}

export interface OpenboxTables {
  openboxRun: OpenboxRunTable;
  openboxResult: OpenboxResultTable;
}
