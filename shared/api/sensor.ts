import { z } from 'zod';
import { row } from '../row.ts';
import { isoTime } from '../session.ts';
import { route } from './route.ts';

export const ADC_RATES_HZ = [4, 8, 16, 33, 62, 125, 250, 500] as const;

export const sensorState = z.enum([
  'DISCONNECTED',
  'CONFIG_MENU',
  'ACQ_FREERUN',
  'ACQ_POLLED',
  'PAUSED',
]);
export type SensorState = z.infer<typeof sensorState>;

const mode = z.enum(['freerun', 'polled']);
const averaging = z
  .int()
  .min(1)
  .max(65535)
  .meta({ description: 'ADC readings averaged into one reading' });
const adcRateHz = z
  .literal(ADC_RATES_HZ)
  .meta({ description: 'Nominal ADC rate in Hz; the true rate is about 3 % lower' });
const tag = z.string().regex(/^[A-Z]$/, 'tag must be one letter, A to Z');

/** What is wrong with the sensor right now, in words for a pilot. */
export const problem = z.object({
  kind: z.string().meta({ examples: ['port_unavailable', 'no_answer', 'silent', 'garbled'] }),
  detail: z.string().meta({ description: 'What is wrong' }),
  action: z.string().meta({ description: 'What to do' }),
});
export type Problem = z.infer<typeof problem>;

export const health = z.object({
  connected: z.boolean(),
  sensor_id: z.string().nullable(),
  sample_rate_hz: z.number().min(0).meta({ description: 'Measured over the last readings' }),
  last_reading_age_s: z.number().min(0).meta({ description: '999.0 when there is no reading yet' }),
  state: sensorState,
  port: z.string().nullable(),
  model: z.string().nullable(),
  firmware: z.string().nullable(),
  disk_free_bytes: z.int().min(0).nullable(),
  simulated: z.boolean().meta({ description: 'True when no hardware is behind the readings' }),
  expected_rate_hz: z.number().nullable().meta({ description: 'ADC rate / averaging' }),
  problem: problem.nullable(),
});
export type Health = z.infer<typeof health>;

export const sensorConfig = z.object({
  averaging,
  adc_rate_hz: z.number().meta({ description: 'Nominal ADC rate in Hz' }),
  mode,
  tag: z.string().nullable().meta({ description: 'Polling tag, one letter; null in freerun' }),
  sample_period_s: z.number().meta({ description: 'averaging / adc_rate_hz, nominal' }),
  sensor_id: z.string(),
  firmware: z.string(),
  baud: z.int(),
  calibration_factor: z.number(),
  calibration_units: z.string(),
  immersion_factor: z.number().meta({ description: 'Kept by the device, not applied' }),
  dark_zero_v: z.number().meta({ description: 'Dark zero in volts' }),
  description: z.string(),
  preamble: z.string(),
  temperature_enabled: z.boolean(),
  voltage_enabled: z.boolean(),
  quiet_start: z.boolean(),
  device_temperature_c: z.number().nullable(),
  supply_v: z.number().nullable(),
});
export type SensorConfig = z.infer<typeof sensorConfig>;

export const configRequest = z
  .strictObject({
    averaging: averaging.optional(),
    adc_rate_hz: adcRateHz.optional(),
    mode: mode.optional(),
    tag: tag.optional(),
  })
  .meta({ description: 'Any of the settings; those left out stay as they are' });
export type ConfigRequest = z.infer<typeof configRequest>;

export const sensorStatus = z.object({
  connected: z.boolean(),
  recording: z.boolean(),
  sensor_id: z.string().nullable(),
  mode: mode.nullable(),
  rows: z.int().min(0).meta({ description: 'Readings since the server started' }),
  state: sensorState,
  port: z.string().nullable(),
  baud: z.int().nullable(),
  simulated: z.boolean(),
  rejected: z
    .record(z.string(), z.int())
    .meta({ description: 'Lines that were no readings, counted by reason' }),
  reconnecting: z.boolean().meta({ description: 'Looking for the sensor by itself' }),
  problem: problem.nullable(),
});

export const consoleLine = z.object({
  timestamp: isoTime,
  kind: z.string().meta({ description: 'reading, banner, menu, sent, or why it was rejected' }),
  text: z.string(),
});
export type ConsoleLine = z.infer<typeof consoleLine>;

export const serialPortInfo = z.object({
  path: z.string().meta({ examples: ['/dev/ttyUSB0'] }),
  by_id: z.string().nullable().meta({ description: 'The name that survives a replug' }),
  vendor: z.string().nullable(),
  product: z.string().nullable(),
  serial_number: z.string().nullable(),
  busy: z.boolean().meta({ description: 'Opened by this service or another program' }),
});

export type SerialPortInfo = z.infer<typeof serialPortInfo>;

const status = <S extends string>(text: S) => z.object({ status: z.literal(text) });
const both = <P extends string>(path: P) => ({ path, aliases: [`/sensor${path}`] }) as const;

export const sensorRoutes = {
  health: route({
    method: 'get',
    path: '/instrument/health',
    tag: 'Sensor',
    summary: 'Is the sensor alive? Answers at once in every state',
    reply: health,
    errors: [],
  }),
  connect: route({
    method: 'post',
    ...both('/connect'),
    tag: 'Sensor',
    summary: 'Open the port and identify the sensor',
    description: 'Already connected to this port: 200, nothing done.',
    query: z.object({
      port: z.string().min(1).max(4096).optional().meta({ description: 'Default SERIAL_PORT' }),
      baud: z.coerce
        .number()
        .int()
        .min(300)
        .max(921600)
        .optional()
        .meta({ description: 'Default SERIAL_BAUD' }),
    }),
    reply: status('connected').extend({ sensor_id: z.string() }),
    errors: ['other_port', 'not_a_serial_port', 'port_unavailable', 'sensor_no_answer'],
  }),
  disconnect: route({
    method: 'post',
    ...both('/disconnect'),
    tag: 'Sensor',
    summary: 'Close the port; a running recording is finalized first',
    reply: status('disconnected'),
    errors: [],
  }),
  getConfig: route({
    method: 'get',
    ...both('/config'),
    tag: 'Sensor',
    summary: 'The configuration as the device told it',
    reply: sensorConfig,
    errors: ['not_connected'],
  }),
  setConfig: route({
    method: 'post',
    ...both('/config'),
    tag: 'Sensor',
    summary: 'Change settings of the device, and read them back',
    body: configRequest,
    reply: sensorConfig,
    errors: ['wrong_state', 'not_connected', 'sensor_no_answer'],
  }),
  start: route({
    method: 'post',
    ...both('/start'),
    tag: 'Sensor',
    summary: 'Start acquisition in the configured mode',
    query: z.object({
      poll_hz: z.coerce.number().gt(0).max(100).optional().meta({
        description: 'Queries a second in polled mode, default 1; the device sets the pace',
      }),
      auto_record: z.stringbool().optional().meta({ description: 'Also start a session' }),
    }),
    reply: status('started').extend({ mode, recording: z.boolean() }),
    errors: [
      'already_acquiring',
      'not_connected',
      'sensor_no_answer',
      'already_recording',
      'disk_full',
    ],
  }),
  pause: route({
    method: 'post',
    ...both('/pause'),
    tag: 'Sensor',
    summary: 'Hold the device in its menu; the hole is an event of the session',
    reply: status('paused'),
    errors: ['wrong_state', 'not_connected', 'sensor_no_answer'],
  }),
  resume: route({
    method: 'post',
    ...both('/resume'),
    tag: 'Sensor',
    summary: 'Go on after a pause',
    reply: status('resumed').extend({ mode }),
    errors: ['wrong_state', 'not_connected', 'sensor_no_answer'],
  }),
  stop: route({
    method: 'post',
    ...both('/stop'),
    tag: 'Sensor',
    summary: 'Stop acquisition; a running recording is finalized first',
    reply: status('stopped'),
    errors: ['not_acquiring', 'sensor_no_answer'],
  }),
  status: route({
    method: 'get',
    ...both('/status'),
    tag: 'Sensor',
    summary: 'State of the sensor and of acquisition',
    reply: sensorStatus,
    errors: [],
  }),
  latest: route({
    method: 'get',
    ...both('/latest'),
    tag: 'Sensor',
    summary: 'The newest reading, or {}',
    reply: z.union([row, z.strictObject({})]),
    errors: [],
  }),
  recent: route({
    method: 'get',
    ...both('/recent'),
    tag: 'Sensor',
    summary: 'The readings of the last seconds',
    query: z.object({ seconds: z.coerce.number().min(1).max(300).default(60) }),
    reply: z.object({ rows: z.array(row) }),
    errors: [],
  }),
  stats: route({
    method: 'get',
    ...both('/stats'),
    tag: 'Sensor',
    summary: 'How many readings, since when, how fast',
    reply: z.object({
      row_count: z.int().min(0),
      start_time: isoTime.nullable(),
      end_time: isoTime.nullable(),
      duration_s: z.number().min(0).nullable(),
      est_sample_rate_hz: z.number().min(0).nullable(),
    }),
    errors: [],
  }),
  console: route({
    method: 'get',
    path: '/sensor/console',
    tag: 'Sensor',
    summary: 'The last lines from and to the device, and what was rejected and why',
    reply: z.object({ lines: z.array(consoleLine), rejected: z.record(z.string(), z.int()) }),
    errors: [],
  }),
  ports: route({
    method: 'get',
    path: '/ports',
    tag: 'Sensor',
    summary: 'Serial devices of the vehicle',
    reply: z.object({ ports: z.array(serialPortInfo) }),
    errors: [],
  }),
};
