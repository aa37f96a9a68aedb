import { z } from 'zod';
import { parseSpec } from '../simulator/spec.ts';

function whole(low: number, high: number) {
  const allowed = `a whole number from ${low} to ${high}`;
  const fits = (given: number) => given >= low && given <= high;
  return z.string().regex(/^\d+$/, allowed).transform(Number).refine(fits, allowed);
}

/** As MAVLINK2REST_URL: the vehicle is simulated in this process. */
export const SIMULATED = 'sim:';

/** What the simulator says of its own options. */
function checkSimulator(path: string, ctx: z.RefinementCtx): void {
  if (!path.startsWith('sim:')) return;
  try {
    parseSpec(path);
  } catch (error) {
    ctx.addIssue({ code: 'custom', message: error instanceof Error ? error.message : `${error}` });
  }
}

function isMavlinkAddress(address: string): boolean {
  if (address === 'off' || address === SIMULATED) return true;
  return address.startsWith('http://') && URL.canParse(address);
}

type Addresses = { SERIAL_PORT: string; MAVLINK2REST_URL: string };

/** Made-up depths must not stand beside the light of a real sensor. */
function checkVehicle({ SERIAL_PORT, MAVLINK2REST_URL }: Addresses, ctx: z.RefinementCtx): void {
  if (MAVLINK2REST_URL !== SIMULATED || SERIAL_PORT.startsWith('sim:')) return;
  const message = 'sim: goes only with a simulated sensor (SERIAL_PORT=sim:)';
  ctx.addIssue({ code: 'custom', message, path: ['MAVLINK2REST_URL'] });
}

const environment = z.object({
  API_HOST: z.string().min(1).default('0.0.0.0'),
  API_PORT: whole(0, 65535).default(9150),
  SERIAL_PORT: z
    .string()
    .regex(/^(\/dev\/|sim:)/, 'a path under /dev, or sim: for the simulator')
    .superRefine(checkSimulator)
    .default('/dev/ttyUSB0'),
  SERIAL_BAUD: whole(300, 921600).default(9600),
  CHUNK_RECORDING_PATH: z
    .string()
    .regex(/^\//, 'an absolute path')
    .default('/data/qsensor_recordings'),
  LOG_LEVEL: z.enum(['DEBUG', 'INFO', 'WARNING', 'ERROR']).default('INFO'),
  MAVLINK2REST_URL: z
    .string()
    .refine(isMavlinkAddress, 'an http:// address, sim: for a simulated vehicle, or off')
    .default('http://host.docker.internal/mavlink2rest'),
  CORS_ORIGINS: z.string().default(''),
  API_TOKEN: z
    .string()
    .min(8, 'at least 8 characters')
    .regex(/^[ -~]+$/, 'letters, digits and signs that a header can carry, without accents')
    .nullable()
    .default(null),
});
const checkedEnvironment = environment.superRefine(checkVehicle);

/** The environment, checked once; nothing else reads process.env. */
export interface Config {
  host: string;
  /** 0: a free port. */
  port: number;
  serialPort: string;
  serialBaud: number;
  recordingPath: string;
  logLevel: 'debug' | 'info' | 'warn' | 'error';
  /** Where mavlink2rest is, or `sim:`; null: the vehicle is not asked for its data. */
  mavlink2rest: string | null;
  /** Origins besides the page's own and BlueOS's whose pages may call the API. */
  corsOrigins: readonly string[];
  /** Asked for in calls that change something; null: none is. */
  apiToken: string | null;
}

/** A variable makes no sense; the message is one line for whoever starts the service. */
export class ConfigError extends Error {}

const LEVELS = { DEBUG: 'debug', INFO: 'info', WARNING: 'warn', ERROR: 'error' } as const;

/** Reads the environment; an empty variable counts as unset. Throws ConfigError. */
export function readConfig(env: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = checkedEnvironment.safeParse(given);
  if (!parsed.success) throw new ConfigError(inWords(parsed.error, given));
  const { data } = parsed;
  return Object.freeze({
    host: data.API_HOST,
    port: data.API_PORT,
    serialPort: data.SERIAL_PORT,
    serialBaud: data.SERIAL_BAUD,
    recordingPath: data.CHUNK_RECORDING_PATH,
    logLevel: LEVELS[data.LOG_LEVEL],
    mavlink2rest: data.MAVLINK2REST_URL === 'off' ? null : data.MAVLINK2REST_URL,
    apiToken: data.API_TOKEN,
    corsOrigins: Object.freeze(origins(data.CORS_ORIGINS)),
  });
}

function inWords(error: z.ZodError, given: Record<string, string | undefined>): string {
  const issue = error.issues[0];
  const name = String(issue?.path[0]);
  // What is written to the log must not hold the token.
  const shown = name === 'API_TOKEN' ? name : `${name}=${given[name]}`;
  return `${shown}: ${issue?.message}`;
}

function origins(list: string): string[] {
  const items = list.split(',').map((item) => item.trim());
  return items.filter((item) => item !== '').map(origin);
}

function origin(text: string): string {
  if (text === '*') return text;
  if (URL.canParse(text) && new URL(text).origin !== 'null') return new URL(text).origin;
  throw new ConfigError(
    `CORS_ORIGINS=${text}: origins such as http://192.168.2.1:8080, separated by commas`,
  );
}
