import type { Problem, TriedBaud } from '../../shared/api/sensor.ts';
import { ApiError } from '../../shared/errors.ts';
import { OpenFailed } from './connection.ts';
import { NoAnswer, PortClosed } from './dialogue.ts';
import { Refused } from './visit.ts';

/** Turns what went wrong at the port into an error for the client; others pass as they are. */
export function sensorError(error: unknown, port: string, baud: number): unknown {
  if (error instanceof ApiError) return error;
  if (error instanceof NoAnswer) return noAnswer(error, port, baud);
  if (error instanceof Refused) {
    return new ApiError('sensor_refused', `The sensor did not take the setting: ${error.message}.`);
  }
  if (error instanceof PortClosed) {
    const detail = `The port ${port} closed in the middle of a dialogue: check the cable, then try again.`;
    return new ApiError('sensor_no_answer', detail, { cause: error });
  }
  return error instanceof OpenFailed ? portError(error, port) : error;
}

function noAnswer(error: NoAnswer, port: string, baud: number): ApiError {
  const detail =
    `No answer from a sensor at ${port} with ${baud} baud (waited for ${error.awaited}): ` +
    'check its power, its cable and the baud rate, which can be looked for in the Sensor view ' +
    'or with POST /sensor/find-baud.';
  return new ApiError('sensor_no_answer', detail, { cause: error });
}

/** No baud rate led to a sensor. */
export function nowhereHeard(port: string, tried: readonly TriedBaud[]): ApiError {
  const rates = (what: TriedBaud['heard']) =>
    tried.filter(({ heard }) => heard === what).map(({ baud }) => baud);
  const parts = [
    [rates('nothing'), 'nothing came at'],
    [rates('noise'), 'bytes without sense came at'],
  ] as const;
  const told = parts.flatMap(([bauds, what]) =>
    bauds.length > 0 ? [`${what} ${bauds.join(', ')} baud`] : [],
  );
  const detail = `No sensor was found at ${port} (${told.join('; ')}): check its power and its cable.`;
  return new ApiError('sensor_no_answer', detail);
}

function portError(error: Error, port: string): ApiError {
  return new ApiError('port_unavailable', `${port} can't be opened: ${openReason(error.message)}`, {
    cause: error,
  });
}

function openReason(message: string): string {
  if (/ENOENT|No such file/i.test(message))
    return 'there is no such device. Is the adapter plugged in?';
  if (/lock|EBUSY|busy/i.test(message)) return 'another program has it open. Close that program.';
  if (/EACCES|Permission/i.test(message))
    return 'this service may not open it. Check the permissions.';
  return `${message}.`;
}

/** What a pilot reads while the service looks for the sensor by itself. */
export function problemFor(error: unknown, port: string, baud: number): Problem {
  const known = sensorError(error, port, baud);
  if (!(known instanceof ApiError)) throw error;
  const action = 'The service keeps looking and goes on by itself when the sensor is back.';
  return { kind: known.code, detail: known.message, action };
}

export const PROBLEMS = {
  unplugged: (port: string): Problem => ({
    kind: 'disconnected',
    detail: `The sensor's port ${port} went away.`,
    action: 'Check cable and connector. The service goes on by itself when the sensor is back.',
  }),
  silent: (seconds: number): Problem => ({
    kind: 'silent',
    detail: `The sensor has sent nothing for ${Math.round(seconds)} s.`,
    action: 'Check its power and cable. The service is asking it to start again.',
  }),
  restarting: (reason: string): Problem => ({
    kind: 'restarting',
    detail: `Readings stopped: ${reason}.`,
    action: 'The service is restarting the acquisition. Nothing to do.',
  }),
};
