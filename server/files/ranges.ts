/** Bytes of a file, `end` excluded. */
export interface Range {
  start: number;
  end: number;
}

/** What of a file is kept, and what is not. */
export interface Ranges {
  good: Range[];
  bad: Range[];
  /** Bytes that the disk does not give back; they are among the bad ones. */
  unreadable: number;
}
