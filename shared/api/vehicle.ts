import { z } from 'zod';
import { vehicleValues } from '../vehicle.ts';
import { route } from './route.ts';

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
    summary: 'Depth, position, heading and water temperature, as the autopilot says',
    reply: vehicleStatus,
    errors: [],
  }),
};
