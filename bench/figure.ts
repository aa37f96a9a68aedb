/** One measured number, as a line of the table that a benchmark prints. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  /** What the same machine did in the same run, for a measure that travels. */
  comparedWith?: string;
  /** The value divided by that of what it is compared with. */
  ratio?: number;
  conditions?: string;
}
