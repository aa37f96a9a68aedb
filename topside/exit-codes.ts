/** What the process leaves with; --help tells them. Signals end it with 128 + their number. */
export const EXIT = {
  ok: 0,
  /** verify found something, or with --once something could not be brought. */
  faults: 1,
  usage: 2,
  vehicleLost: 3,
  folderInUse: 4,
  /** The folder can't be read or written. */
  folder: 5,
  noSession: 6,
  /** The object store was not reached, or refuses. */
  storeLost: 7,
} as const;

/** Ends the command: one line for a person, and the exit code for scripts. */
export class LeaveError extends Error {
  readonly exitCode: number;

  constructor(exitCode: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LeaveError';
    this.exitCode = exitCode;
  }
}
