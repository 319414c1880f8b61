/** Why no answer came that could be judged, in the words of a report. */
export type TaskErrorKind = 'status' | 'time-out' | 'malformed' | 'unreachable';

export class TaskError extends Error {
  readonly kind: TaskErrorKind;

  constructor(kind: TaskErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TaskError';
    this.kind = kind;
  }
}
