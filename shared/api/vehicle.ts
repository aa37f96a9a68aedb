import { z } from 'zod';
import { vehicleValues } from '../vehicle.ts';
import { route } from './route.ts';

export const surfacePressure = z
  .object({
    press_hpa: z.number().meta({ description: 'Pressure at the surface, hPa' }),
    source: z.enum(['set', 'found', 'standard']).meta({
      description:
        'How it is known · set: somebody said “at the surface now” · found: the vehicle lay quiet there · standard: 1013.25, until it is known',
    }),
  })
  .meta({ description: 'What depth by pressure is reckoned from' });

export const vehicleStatus = z.object({
  reachable: z.boolean().meta({ description: 'Whether the vehicle’s values come' }),
  address: z
    .string()
    .nullable()
    .meta({ description: 'Where mavlink2rest is asked; null: turned off' }),
  simulated: z.boolean().meta({ description: 'The vehicle is made up, for trials' }),
  problem: z
    .string()
    .nullable()
    .meta({ description: 'Why no values come, or are not recorded, in words' }),
  last: vehicleValues.meta({ description: 'The newest values, with their ages now' }),
  listening: z.boolean().meta({
    description: 'Messages come as they are sent; false: they are asked for, five times a second',
  }),
  surface: surfacePressure,
  doubts: z
    .array(z.string())
    .meta({ description: 'What can’t be true of the depth now, in words; empty: nothing' }),
  sent: z
    .int()
    .min(0)
    .meta({ description: 'Messages that were sent to the autopilot since the start' }),
  send_failures: z.int().min(0).meta({ description: 'Messages that could not be sent' }),
  send_problem: z
    .string()
    .nullable()
    .meta({ description: 'Why the newest message was not taken, in words; null: it was' }),
  system_id: z
    .int()
    .nullable()
    .meta({ description: 'MAVLink system id of the vehicle; null: none is heard' }),
  mavlink_out: z.boolean().meta({ description: 'The setting: whether light is sent' }),
});

export type VehicleStatus = z.infer<typeof vehicleStatus>;

export const vehicleRoutes = {
  vehicle: route({
    method: 'get',
    path: '/vehicle',
    tag: 'Service',
    summary: 'Depth, position, attitude and more, as the autopilot says',
    reply: vehicleStatus,
    errors: [],
  }),
  surfaceNow: route({
    method: 'post',
    path: '/vehicle/surface',
    tag: 'Service',
    summary: 'The vehicle is at the surface now: depth is reckoned from the pressure there',
    reply: surfacePressure,
    errors: ['wrong_state'],
  }),
};
