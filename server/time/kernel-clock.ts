import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** What the machine's kernel says of its own clock. */
export interface KernelClock {
  /** Whether something keeps it right; null: it can't be known. */
  isSet: boolean | null;
  /** Seconds by which it may be off, as the kernel reckons; null: not known, or not set. */
  maxErrorS: number | null;
}

export const UNKNOWN_CLOCK: KernelClock = { isSet: null, maxErrorS: null };

/** Numbers of adjtimex(2) in Linux, by what Node calls the processor. */
const SYSCALLS: Readonly<Record<string, number>> = { x64: 159, arm64: 171, arm: 124 };
/** Room for struct timex; modes 0 only reads. Gives the clock's state, and the field maxerror. */
const SCRIPT =
  '$_ = pack("x256"); $s = syscall($ARGV[0], $_);' +
  'print join(" ", $s, (unpack("i x![l!] l!4", $_))[3]);';
const TIME_ERROR = 5;
const PATIENCE_MS = 2000;

/** Asks adjtimex(2), by way of the Perl that every Debian has: Node has no call for it. */
export async function readKernelClock(): Promise<KernelClock> {
  const number = SYSCALLS[process.arch];
  if (number === undefined) return UNKNOWN_CLOCK;
  try {
    const asked = promisify(execFile)('perl', ['-e', SCRIPT, `${number}`], {
      timeout: PATIENCE_MS,
    });
    return kernelClockOf((await asked).stdout);
  } catch {
    // No Perl, or none that may: then nothing is known, and that is what is told.
    return UNKNOWN_CLOCK;
  }
}

/** Of the state that adjtimex returned and its maxerror in microseconds, as the script prints them. */
export function kernelClockOf(text: string): KernelClock {
  const [, state, maxError] = /^(\d+) (\d+)$/.exec(text.trim()) ?? [];
  if (state === undefined) return UNKNOWN_CLOCK;
  const isSet = Number(state) !== TIME_ERROR;
  return { isSet, maxErrorS: isSet ? Number(maxError) / 1e6 : null };
}
