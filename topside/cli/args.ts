import { parseArgs } from 'node:util';
import { z } from 'zod';
import { sessionId } from '../../shared/session.ts';
import { EXIT, LeaveError } from '../exit-codes.ts';
import type { Join, Options } from '../options.ts';
import { readS3Address, type S3Address } from '../s3-address.ts';

const OPTIONS = {
  out: { type: 'string' },
  session: { type: 'string' },
  since: { type: 'string' },
  once: { type: 'boolean', default: false },
  join: { type: 'string', default: 'csv' },
  report: { type: 'boolean', default: false },
  tail: { type: 'boolean' },
  bandwidth: { type: 'string' },
  parallel: { type: 'string', default: '4' },
  'give-up': { type: 'string', default: '30' },
  json: { type: 'boolean', default: false },
  to: { type: 'string' },
  vehicle: { type: 'string' },
  token: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** Reads the command line; what makes no sense is a LeaveError of one line. */
export function readOptions(
  argv: readonly string[],
  env: Record<string, string | undefined> = {},
): Options {
  const { values, positionals } = parsed(argv);
  if (values.help) return { command: 'help' };
  const [first, second, ...more] = positionals;
  if (first === undefined) throw usage("the vehicle's address is missing");
  if (first === 'verify') {
    if (second === undefined || more.length > 0) throw usage('verify takes one folder');
    return { command: 'verify', folder: second, json: values.json };
  }
  if (second !== undefined) throw usage(`one address only; what is "${second}"?`);
  if (values.out === undefined) throw usage('--out <folder> is missing');
  const base = address(first);
  return {
    command: 'mirror',
    base,
    out: values.out,
    session: whichSession(values.session),
    sinceMs: values.since === undefined ? null : date(values.since),
    once: values.once,
    join: join(values.join),
    report: values.report,
    tail: !values.once && (values.tail ?? values.bandwidth === undefined),
    bandwidth: values.bandwidth === undefined ? null : bytesPerSecond(values.bandwidth),
    parallel: whole('parallel', values.parallel, 1, 16),
    giveUpS: whole('give-up', values['give-up'], 0, 86_400),
    json: values.json,
    to: values.to === undefined ? null : store(values.to),
    vehicle: values.vehicle ?? base.hostname,
    token: token(values.token ?? env['QSENSOR_TOKEN']),
  };
}

/** As a header can carry it. */
function token(text: string | undefined): string | null {
  if (text === undefined || text === '') return null;
  if (/^[ -~]+$/.test(text)) return text;
  throw usage('the token has characters that no header carries');
}

function store(text: string): S3Address {
  const read = readS3Address(text);
  if (read === null) throw usage(`--to ${text}: an address such as s3://bucket/prefix`);
  return read;
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: OPTIONS,
      allowPositionals: true,
      allowNegative: true,
    });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw usage(error.message.split(/\.\s/)[0] ?? error.message);
  }
}

function usage(problem: string): LeaveError {
  return new LeaveError(EXIT.usage, `${problem} (qsensor-mirror --help tells more)`);
}

function address(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw usage(`"${text}" is no address such as http://blueos.local:9150`);
  }
  url.search = '';
  url.hash = '';
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

function whichSession(text: string | undefined): string | null {
  if (text === undefined || text === 'active' || text === 'latest') return text ?? null;
  if (!sessionId.safeParse(text).success) {
    throw usage(`--session ${text}: a session's id, active or latest`);
  }
  return text.toLowerCase();
}

/** As ISO 8601 has it; without an offset it is UTC, as all times of the vehicle are. */
const DATE = z.union([
  z.iso.date().transform((day) => `${day}T00:00:00Z`),
  z.iso.datetime({ offset: true }),
  z.iso.datetime({ local: true }).transform((local) => `${local}Z`),
]);

function date(text: string): number {
  const known = DATE.safeParse(text.replace(' ', 'T'));
  if (!known.success)
    throw usage(`--since ${text}: a date such as 2025-11-12 or 2025-11-12T14:30Z`);
  return Date.parse(known.data);
}

function join(text: string): Join {
  if (text === 'csv' || text === 'parquet' || text === 'none') return text;
  throw usage(`--join ${text}: csv, parquet or none`);
}

const BITS = { '': 1, k: 1e3, M: 1e6, G: 1e9 } as const;

function bytesPerSecond(text: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)([kMG]?)$/.exec(text) ?? [];
  const bytes = (Number(number) * BITS[unit as keyof typeof BITS]) / 8;
  if (bytes >= 1) return bytes;
  throw usage(`--bandwidth ${text}: bits a second such as 200k or 1M`);
}

function whole(name: string, text: string, least: number, most: number): number {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw usage(`--${name} ${text}: a whole number from ${least} to ${most}`);
}
