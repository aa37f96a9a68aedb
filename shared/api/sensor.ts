import { z } from 'zod';
import { row } from '../row.ts';
import { isoTime } from '../session.ts';
import { route } from './route.ts';

export const ADC_RATES_HZ = [4, 8, 16, 33, 62, 125, 250, 500] as const;

export const sensorState = z
  .enum(['DISCONNECTED', 'CONFIG_MENU', 'ACQ_FREERUN', 'ACQ_POLLED', 'PAUSED'])
  .meta({
    description:
      'DISCONNECTED: the port is closed · CONFIG_MENU: connected, idle · ACQ_FREERUN: the sensor sends by itself · ACQ_POLLED: it is asked · PAUSED: held, /resume goes on',
  });
export type SensorState = z.infer<typeof sensorState>;

const mode = z.enum(['freerun', 'polled']).meta({
  description: 'freerun: the sensor sends by itself · polled: it is asked for each reading',
});
const sensorId = z.string().meta({ description: 'Serial number of the sensor, as it says it' });
const simulated = z.boolean().meta({ description: 'True when no hardware is behind the readings' });
const portPath = z.string().nullable().meta({ description: 'Path of the serial port; null: none' });
const averaging = z
  .int()
  .min(1)
  .max(65535)
  .meta({ description: 'ADC readings averaged into one reading' });
const adcRateHz = z
  .literal(ADC_RATES_HZ)
  .meta({ description: 'Nominal ADC rate in Hz; the true rate is about 3 % lower' });
const tag = z
  .string()
  .regex(/^[A-Z]$/, 'one letter, A to Z')
  .meta({ description: 'Polling tag: one letter, A to Z' });

/** What is wrong with the sensor right now, in words for a pilot. */
export const problem = z.object({
  kind: z.string().meta({
    description: 'What it is, as a stable name',
    examples: ['port_unavailable', 'no_answer', 'silent', 'garbled'],
  }),
  detail: z.string().meta({ description: 'What is wrong' }),
  action: z.string().meta({ description: 'What to do' }),
});
export type Problem = z.infer<typeof problem>;

export const health = z.object({
  connected: z.boolean().meta({ description: 'The port is open and the sensor answers' }),
  sensor_id: sensorId.nullable(),
  sample_rate_hz: z.number().min(0).meta({
    description:
      'Readings per second (Hz), measured over the last ones; 0.0 when there is none yet',
  }),
  last_reading_age_s: z
    .number()
    .min(0)
    .meta({ description: 'Seconds since the last reading; 999.0 when there is none yet' }),
  state: sensorState,
  port: portPath,
  model: z.string().nullable().meta({ description: 'Model of the sensor' }),
  firmware: z.string().nullable().meta({ description: 'Firmware version of the sensor' }),
  disk_free_bytes: z
    .int()
    .min(0)
    .nullable()
    .meta({ description: 'Free bytes on the disk of the recordings; null: not known' }),
  simulated,
  expected_rate_hz: z.number().nullable().meta({
    description:
      'Readings per second (Hz) to be expected from the settings: the true ADC rate / averaging',
  }),
  problem: problem.nullable().meta({ description: 'What is wrong right now; null: nothing' }),
  notice: z.string().nullable().meta({
    description: 'What the pilot must know now, in a few words, as also sent to the autopilot',
  }),
});
export type Health = z.infer<typeof health>;

export const sensorConfig = z.object({
  averaging,
  adc_rate_hz: z.number().meta({ description: 'Nominal ADC rate in Hz' }),
  mode,
  tag: z.string().nullable().meta({ description: 'Polling tag, one letter; null in freerun' }),
  sample_period_s: z
    .number()
    .meta({ description: 'Seconds between readings: averaging / adc_rate_hz, nominal' }),
  sensor_id: sensorId,
  firmware: z.string().meta({ description: 'Firmware version of the sensor' }),
  baud: z.int().meta({ description: 'Baud rate stored in the device' }),
  calibration_factor: z
    .number()
    .meta({ description: 'Counts of the digital output are multiplied by it' }),
  calibration_units: z
    .string()
    .meta({ description: 'Unit of the values, as the device tells it; empty: it tells none' }),
  immersion_factor: z.number().meta({ description: 'Kept by the device, not applied' }),
  dark_zero_v: z.number().meta({ description: 'Dark zero in volts' }),
  description: z.string().meta({ description: 'Free text stored in the device' }),
  preamble: z.string().meta({ description: 'Text that the device puts before each value' }),
  temperature_enabled: z.boolean().meta({ description: 'Readings carry TempC' }),
  voltage_enabled: z.boolean().meta({ description: 'Readings carry Vin' }),
  quiet_start: z.boolean().meta({ description: 'The device starts without printing its banner' }),
  device_temperature_c: z
    .number()
    .nullable()
    .meta({ description: 'Temperature in degrees C when the menu was read' }),
  supply_v: z
    .number()
    .nullable()
    .meta({ description: 'Supply voltage in volts when the menu was read' }),
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

const restartQuery = z.object({
  restart: z.stringbool().optional().meta({
    description:
      'true: a sensor that acquires is stopped for it and started again, with the same poll_hz; not while a session is recorded. Default false: then it is refused',
  }),
});

export const sensorStatus = z.object({
  connected: z.boolean().meta({ description: 'The port is open and the sensor answers' }),
  recording: z.boolean().meta({ description: 'A session is being recorded' }),
  sensor_id: sensorId.nullable(),
  mode: mode.nullable(),
  rows: z.int().min(0).meta({ description: 'Readings since the server started' }),
  state: sensorState,
  port: portPath,
  port_opened: z.string().nullable().meta({
    description: 'The device’s own node that is open, where port is another name of it; null: none',
  }),
  baud: z.int().nullable().meta({ description: 'Baud rate of the port; null: none is open' }),
  simulated,
  rejected: z
    .record(z.string(), z.int())
    .meta({ description: 'Lines that were no readings, counted by reason' }),
  reconnecting: z.boolean().meta({ description: 'Looking for the sensor by itself' }),
  problem: problem.nullable().meta({ description: 'What is wrong right now; null: nothing' }),
});

export const consoleLine = z.object({
  timestamp: isoTime,
  kind: z.string().meta({ description: 'reading, banner, menu, sent, or why it was rejected' }),
  text: z.string().meta({ description: 'The line, without its end' }),
});
export type ConsoleLine = z.infer<typeof consoleLine>;

export const serialPortInfo = z.object({
  path: z
    .string()
    .meta({ description: 'To be given to POST /connect as port', examples: ['/dev/ttyUSB0'] }),
  by_id: z.string().nullable().meta({
    description: 'The name that survives a replug; null where there is none of its own',
  }),
  by_path: z.string().nullable().meta({ description: 'The name of the socket that it is in' }),
  vendor: z.string().nullable().meta({ description: 'Maker of the adapter, as USB tells it' }),
  product: z.string().nullable().meta({ description: 'Name of the adapter, as USB tells it' }),
  serial_number: z
    .string()
    .nullable()
    .meta({ description: 'Serial number of the adapter, as USB tells it' }),
  busy: z.boolean().nullable().meta({
    description: 'Opened by this service or another program; null: not looked for',
  }),
});

export type SerialPortInfo = z.infer<typeof serialPortInfo>;

export const triedBaud = z.object({
  baud: z.int().meta({ description: 'Baud rate' }),
  heard: z.enum(['sensor', 'noise', 'nothing']).meta({
    description: 'sensor: it was understood · noise: bytes without sense · nothing: not a byte',
  }),
});
export type TriedBaud = z.infer<typeof triedBaud>;

const status = <S extends string>(text: S) =>
  z.object({ status: z.literal(text).meta({ description: 'What was done' }) });
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
      port: z.string().min(1).max(4096).optional().meta({
        description:
          'Path under /dev, see /ports; default: serial_port of the settings, else SERIAL_PORT',
      }),
      baud: z.coerce
        .number()
        .int()
        .min(300)
        .max(921600)
        .optional()
        .meta({ description: 'Baud rate; default: serial_baud of the settings, else SERIAL_BAUD' }),
    }),
    reply: status('connected').extend({ sensor_id: sensorId }),
    errors: ['other_port', 'not_a_serial_port', 'busy', 'port_unavailable', 'sensor_no_answer'],
  }),
  findBaud: route({
    method: 'post',
    path: '/sensor/find-baud',
    tag: 'Sensor',
    summary: 'Find the baud rate of the sensor and connect with it',
    description:
      'Listens at each rate first, so that a sensor that streams is not disturbed, then knocks. Takes up to 45 s. The rate is kept as serial_baud of the settings. Where acquisition was to go on, it does. Connected already: 200, nothing done.',
    query: z.object({
      port: z.string().min(1).max(4096).optional().meta({
        description:
          'Path under /dev, see /ports; default: serial_port of the settings, else SERIAL_PORT',
      }),
    }),
    reply: status('connected').extend({
      sensor_id: sensorId,
      baud: z.int().meta({ description: 'Baud rate of the sensor' }),
      tried: z.array(triedBaud).meta({ description: 'Each rate, in the order of trying' }),
    }),
    errors: ['other_port', 'not_a_serial_port', 'busy', 'port_unavailable', 'sensor_no_answer'],
  }),
  disconnect: route({
    method: 'post',
    ...both('/disconnect'),
    tag: 'Sensor',
    summary: 'Close the port; a running recording is finalized first',
    reply: status('disconnected'),
    errors: ['busy', 'storage_unavailable', 'disk_full'],
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
    query: restartQuery,
    body: configRequest,
    reply: sensorConfig,
    errors: ['wrong_state', 'busy', 'not_connected', 'sensor_no_answer', 'sensor_refused'],
  }),
  start: route({
    method: 'post',
    ...both('/start'),
    tag: 'Sensor',
    summary: 'Start acquisition in the configured mode',
    query: z.object({
      poll_hz: z.coerce.number().min(0.01).optional().meta({
        description:
          'Queries a second in polled mode, default 1, at least 0.01; what is more than the device can answer is taken and held to that',
      }),
      auto_record: z.stringbool().optional().meta({
        description: 'true: also record a session, as POST /record/start would; default false',
      }),
    }),
    reply: status('started').extend({
      mode,
      recording: z.boolean().meta({ description: 'A session is being recorded' }),
      poll_hz: z.number().optional().meta({
        description:
          'In polled mode: queries a second (Hz) that are made, at most what can be answered',
      }),
    }),
    errors: [
      'already_acquiring',
      'already_recording',
      'busy',
      'not_connected',
      'storage_unavailable',
      'sensor_no_answer',
      'disk_full',
    ],
  }),
  pause: route({
    method: 'post',
    ...both('/pause'),
    tag: 'Sensor',
    summary: 'Hold the device in its menu; the hole is an event of the session',
    reply: status('paused'),
    errors: ['wrong_state', 'busy', 'sensor_no_answer'],
  }),
  resume: route({
    method: 'post',
    ...both('/resume'),
    tag: 'Sensor',
    summary: 'Go on after a pause',
    reply: status('resumed').extend({ mode }),
    errors: ['wrong_state', 'busy', 'sensor_no_answer'],
  }),
  stop: route({
    method: 'post',
    ...both('/stop'),
    tag: 'Sensor',
    summary: 'Stop acquisition; a running recording is finalized first',
    description: 'Also 200 when the stop of a recording has ended it since the last start.',
    reply: status('stopped'),
    errors: ['not_acquiring', 'busy', 'storage_unavailable', 'sensor_no_answer', 'disk_full'],
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
    query: z.object({
      seconds: z.coerce
        .number()
        .min(1)
        .max(300)
        .default(60)
        .meta({ description: 'How far back, in seconds' }),
    }),
    reply: z.object({ rows: z.array(row).meta({ description: 'Oldest first' }) }),
    errors: [],
  }),
  stats: route({
    method: 'get',
    ...both('/stats'),
    tag: 'Sensor',
    summary: 'How many readings, since when, how fast',
    reply: z.object({
      row_count: z.int().min(0).meta({ description: 'Readings since the server started' }),
      start_time: isoTime.nullable().meta({ description: 'UTC of the first of them' }),
      end_time: isoTime.nullable().meta({ description: 'UTC of the newest' }),
      duration_s: z.number().min(0).nullable().meta({ description: 'Seconds between the two' }),
      est_sample_rate_hz: z
        .number()
        .min(0)
        .nullable()
        .meta({ description: 'Readings per second (Hz), measured over the last ones' }),
    }),
    errors: [],
  }),
  console: route({
    method: 'get',
    path: '/sensor/console',
    tag: 'Sensor',
    summary: 'The last lines from and to the device, and what was rejected and why',
    reply: z.object({
      lines: z.array(consoleLine).meta({ description: 'Oldest first' }),
      rejected: sensorStatus.shape.rejected,
    }),
    errors: [],
  }),
  ports: route({
    method: 'get',
    path: '/ports',
    tag: 'Sensor',
    summary: 'Serial devices of the vehicle',
    query: z.object({
      busy: z.stringbool().default(false).meta({
        description: 'true: also look at every process of the machine for who has them open',
      }),
    }),
    reply: z.object({
      ports: z.array(serialPortInfo).meta({ description: 'Empty where there is none' }),
      configured: z.string().meta({
        description:
          'The port that connects by itself, there or not: serial_port of the settings, else SERIAL_PORT',
      }),
    }),
    errors: [],
  }),
};
