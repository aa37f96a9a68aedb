import { z } from 'zod';
import { collector } from '../cf.ts';
import { chunkIntervalS, isoTime } from '../session.ts';
import { vehicleSetup } from '../vehicle.ts';
import { route } from './route.ts';

/** QGroundControl, BlueOS with its mavlink2rest, and Cockpit. */
const TAKEN_COMPONENTS = [190, 194, 240];

export const settings = z.object({
  connect_at_start: z
    .boolean()
    .meta({ description: 'Connect and acquire at start, and keep looking for the sensor' }),
  serial_port: z
    .string()
    .regex(/^(\/dev\/|sim:)/, 'a path under /dev')
    .nullable()
    .meta({ description: 'Path of the serial port to connect; null: SERIAL_PORT' }),
  serial_baud: z.int().min(300).max(921600).nullable().meta({
    description: 'Baud rate to connect with; null: SERIAL_BAUD',
  }),
  chunk_interval_s: chunkIntervalS,
  disk_reserve_bytes: z.int().min(0).meta({
    description: 'Below so many free bytes no recording starts, and a running one is closed',
  }),
  allowed_hosts: z
    .array(z.string().regex(/^[a-z0-9.-]+$/, 'a host name in lower case'))
    .max(20)
    .meta({ description: 'Public names of this vehicle; local names and addresses always work' }),
  mavlink_out: z.boolean().meta({
    description: 'Send light, Kd and words for the pilot to the autopilot, once a second',
  }),
  vehicle_system_id: z.int().min(1).max(254).nullable().meta({
    description: 'MAVLink system id of the vehicle; null: the one autopilot that is heard',
  }),
  mavlink_component_id: z
    .int()
    .min(2)
    .max(254)
    .refine(
      (id) => !TAKEN_COMPONENTS.includes(id),
      'not one that another program has: 190, 194, 240',
    )
    .meta({
      description:
        'MAVLink component id that messages are sent as. Never 1, the autopilot’s: the vehicle’s router would then take us for it and cut off its telemetry',
    }),
  record_by_itself: z.enum(['never', 'armed', 'depth']).meta({
    description:
      'Begin a recording by itself · armed: while the vehicle is armed · depth: while it is deeper than record_below_m. What a person or client starts, only they end; what they stop does not begin again until the vehicle was disarmed, or up',
  }),
  record_below_m: z.number().min(1).max(1000).meta({
    description: 'Metres of depth from which on depth records by itself, until 0.5 m less',
  }),
  record_end_delay_s: z.int().min(0).max(3600).meta({
    description: 'Seconds for which that must be over before such a recording ends',
  }),
  ...vehicleSetup.shape,
  collector,
});
export type Settings = z.infer<typeof settings>;

export const version = z.object({
  api: z.string().meta({ description: 'Version of this software' }),
  git: z.string().meta({ description: 'Commit that it was built from' }),
  status: z.literal('ok').meta({ description: 'The service answers' }),
});

export const serviceRoutes = {
  serviceHealth: route({
    method: 'get',
    path: '/health',
    tag: 'Service',
    summary: 'Is the service up?',
    reply: z.object({
      service: z.string().meta({ description: 'Name of the service' }),
      version: version.shape.api,
      status: z.literal('online').meta({ description: 'The service answers' }),
    }),
    errors: [],
  }),
  version: route({
    method: 'get',
    path: '/version',
    tag: 'Service',
    summary: 'Which build is this?',
    reply: version,
    errors: [],
  }),
  registerService: route({
    method: 'get',
    path: '/register_service',
    tag: 'Service',
    summary: 'How BlueOS lists this extension',
    reply: z.looseObject({
      name: z.string().meta({ description: 'Name in the menu of BlueOS' }),
      description: z.string().meta({ description: 'What it is, in one sentence' }),
      icon: z.string().meta({ description: 'Material Design icon of the menu' }),
    }),
    errors: [],
  }),
  openapi: route({
    method: 'get',
    path: '/openapi.json',
    tag: 'Service',
    summary: 'This documentation as OpenAPI 3.1',
    otherReplies: { 304: 'Nothing changed since the ETag in If-None-Match' },
    reply: z.looseObject({ openapi: z.string().meta({ description: 'Version of OpenAPI' }) }),
    errors: [],
  }),
  docs: route({
    method: 'get',
    path: '/docs',
    tag: 'Service',
    summary: 'This documentation as a page',
    reply: { contentTypes: ['text/html'], description: 'Interactive; works offline' },
    errors: [],
  }),
  page: route({
    method: 'get',
    path: '/',
    tag: 'Service',
    summary: 'The web page',
    reply: { contentTypes: ['text/html'], description: 'For a browser' },
    errors: ['precondition_failed', 'range_not_satisfiable'],
  }),
  getSettings: route({
    method: 'get',
    path: '/settings',
    tag: 'Service',
    summary: 'Settings that outlive a restart',
    reply: settings,
    errors: [],
  }),
  putSettings: route({
    method: 'put',
    path: '/settings',
    tag: 'Service',
    summary: 'Change settings; those left out stay as they are',
    body: settings.partial().strict(),
    reply: settings,
    errors: ['not_a_serial_port', 'storage_unavailable'],
  }),
  system: route({
    method: 'get',
    path: '/system',
    tag: 'Service',
    summary: 'Versions, disk and clock of the vehicle',
    reply: z.object({
      version: version.shape.api,
      git: version.shape.git,
      node: z.string().meta({ description: 'Version of Node.js' }),
      started_at: isoTime.meta({ description: 'When the service started, UTC' }),
      uptime_s: z.number().meta({ description: 'Seconds since the service started' }),
      time: isoTime.meta({ description: "The vehicle's clock when it answered" }),
      hostname: z.string().meta({ description: 'Name of the vehicle, or of the container' }),
      memory_bytes: z.int().meta({ description: 'Resident memory of the service in bytes' }),
      api_token_needed: z
        .boolean()
        .meta({ description: 'Calls that change something need the API token' }),
      disk: z
        .object({
          path: z.string().meta({ description: 'Folder of the recordings' }),
          free_bytes: z.int().nullable().meta({ description: 'Free bytes; null: not known' }),
          total_bytes: z.int().nullable().meta({ description: 'Bytes in all; null: not known' }),
          reserve_bytes: z.int().meta({ description: 'disk_reserve_bytes of the settings' }),
        })
        .meta({ description: 'The disk of the recordings' }),
    }),
    errors: [],
  }),
  diagnostics: route({
    method: 'get',
    path: '/diagnostics',
    tag: 'Service',
    summary: 'A file for support: state, settings, counters, last console lines and log',
    reply: { contentTypes: ['application/json'], description: 'JSON, as a download' },
    errors: [],
  }),
};
