/** How grave it is, by MAVLink's names. */
export type Severity = 'ERROR' | 'WARNING' | 'INFO';

/** Something that the pilot must hear of, in at most 50 plain letters: MAVLink has no more room. */
export interface Notice {
  severity: Severity;
  text: string;
}

/** What notices are made from. */
export interface PilotFacts {
  isRecording: boolean;
  /** The last session ended by itself, and none was begun since. */
  hasFailed: boolean;
  /** One should have begun by itself, and could not. */
  cantBegin: boolean;
  /** Seconds until the disk is full, at the rate of this session; null: not known. */
  diskLeftS: number | null;
  /** Seconds since the last reading; null while none is meant to come. */
  silentS: number | null;
  /** Seconds since the vehicle's depth was known; null where no vehicle is heard. */
  withoutDepthS: number | null;
}

interface Watch {
  severity: Severity;
  bad: string;
  good: string;
  isBad(facts: PilotFacts): boolean;
  /** Further away than the end of bad, so that a value at the limit is not told again and again. */
  isGood(facts: PilotFacts): boolean;
  /** What it is about is of no interest once the recording is over. */
  endsWithRecording: boolean;
}

const DISK_SHORT_S = 600;
const DISK_GOOD_S = 900;
const SILENT_S = 10;
const HEARD_S = 2;

/** The gravest first. */
const WATCHES: readonly Watch[] = [
  {
    severity: 'ERROR',
    bad: 'Light: the recording has ended by itself',
    good: 'Light: it is recorded again',
    isBad: ({ hasFailed }) => hasFailed,
    isGood: ({ isRecording }) => isRecording,
    endsWithRecording: false,
  },
  {
    severity: 'ERROR',
    bad: 'Light: the recording can not begin',
    good: 'Light: the recording can begin again',
    isBad: ({ cantBegin }) => cantBegin,
    isGood: ({ cantBegin }) => !cantBegin,
    endsWithRecording: false,
  },
  {
    severity: 'ERROR',
    bad: 'Light: the disk is full in 10 minutes',
    good: 'Light: the disk has room again',
    isBad: ({ diskLeftS }) => diskLeftS !== null && diskLeftS < DISK_SHORT_S,
    isGood: ({ diskLeftS }) => diskLeftS !== null && diskLeftS > DISK_GOOD_S,
    endsWithRecording: true,
  },
  {
    severity: 'WARNING',
    bad: 'Light: the sensor is silent',
    good: 'Light: the sensor sends again',
    isBad: ({ silentS }) => silentS !== null && silentS > SILENT_S,
    isGood: ({ silentS }) => silentS !== null && silentS < HEARD_S,
    endsWithRecording: true,
  },
  {
    severity: 'WARNING',
    bad: 'Light: recorded without depth',
    good: 'Light: recorded with depth again',
    isBad: ({ withoutDepthS }) => withoutDepthS !== null && withoutDepthS > SILENT_S,
    isGood: ({ withoutDepthS }) => withoutDepthS !== null && withoutDepthS < HEARD_S,
    endsWithRecording: true,
  },
];

/** Tells each trouble once when it begins, and once when it is over. */
export class PilotNotices {
  readonly #standing = new Set<Watch>();

  /** What is new since the last look. */
  look(facts: PilotFacts): Notice[] {
    return WATCHES.flatMap((watch) => this.#judge(watch, facts));
  }

  /** The gravest trouble that there is now, in words; null: none. */
  get standing(): string | null {
    return WATCHES.find((watch) => this.#standing.has(watch))?.bad ?? null;
  }

  #judge(watch: Watch, facts: PilotFacts): Notice[] {
    if (watch.endsWithRecording && !facts.isRecording) {
      this.#standing.delete(watch);
      return [];
    }
    if (!this.#standing.has(watch)) {
      if (!watch.isBad(facts)) return [];
      this.#standing.add(watch);
      return [{ severity: watch.severity, text: watch.bad }];
    }
    if (!watch.isGood(facts)) return [];
    this.#standing.delete(watch);
    return [{ severity: 'INFO', text: watch.good }];
  }
}
