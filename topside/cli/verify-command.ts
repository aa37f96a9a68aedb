import { EXIT, LeaveError } from '../exit-codes.ts';
import { TAIL_KEPT } from '../layout.ts';
import { type Checked, type Fault, verify } from '../local/verify.ts';
import type { VerifyOptions } from '../options.ts';
import type { Screen } from './mirror-command.ts';

/** Checks a mirror, tells what it found, and resolves with the exit code. */
export async function verifyCommand(options: VerifyOptions, screen: Screen): Promise<number> {
  const checked = await verify(options.folder);
  if (checked.sessions === 0) {
    throw new LeaveError(EXIT.noSession, `There is no session in ${options.folder}`);
  }
  screen.write(options.json ? `${JSON.stringify(checked)}\n` : inWords(checked));
  return checked.faults.length === 0 ? EXIT.ok : EXIT.faults;
}

const WORDS: Record<Fault['kind'], string> = {
  missing: 'MISSING',
  damaged: 'DAMAGED',
  extra: 'EXTRA',
  seq_hole: 'ROWS MISSING',
  unfinished: 'UNFINISHED',
};

function inWords({ sessions, chunks, bytes, faults, rescued }: Checked): string {
  const lines = faults.map(
    ({ session_id, kind, detail }) => `${session_id}  ${WORDS[kind]}  ${detail}\n`,
  );
  for (const id of rescued) lines.push(`${id}  ${TAIL_KEPT} holds rows that the vehicle lost\n`);
  const verdict = faults.length === 0 ? 'all is here and sound' : `${faults.length} found wrong`;
  const what = [counted(sessions, 'session'), counted(chunks, 'chunk'), counted(bytes, 'byte')];
  lines.push(`${what.join(', ')}: ${verdict}\n`);
  return lines.join('');
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
