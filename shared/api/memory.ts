import { z } from 'zod';
import { route } from './route.ts';

const status = <S extends string>(text: S) =>
  z.literal(text).meta({ description: 'What was done' });
const file = {
  contentTypes: ['text/csv', 'application/vnd.apache.parquet'],
  description: 'Columns timestamp (UTC), sensor_id, mode, value, TempC, Vin',
};

export const memoryRoutes = {
  memoryStart: route({
    method: 'post',
    path: '/recording/start',
    tag: 'Memory',
    summary: 'Keep the newest 100 000 readings in memory',
    reply: z.object({ status: status('recording') }),
    errors: [],
  }),
  memoryStop: route({
    method: 'post',
    path: '/recording/stop',
    tag: 'Memory',
    summary: 'Stop keeping readings, and write them to a file if asked',
    query: z.object({
      flush: z
        .enum(['none', 'csv', 'parquet'])
        .default('none')
        .meta({ description: 'Format of the file; none: no file is written' }),
    }),
    reply: z.object({
      status: status('stopped'),
      flush_path: z
        .string()
        .nullable()
        .meta({ description: 'Path of the file on the vehicle; null: none was asked for' }),
    }),
    errors: ['nothing_recorded', 'storage_unavailable'],
  }),
  memoryExport: route({
    method: 'get',
    path: '/export/{format}',
    aliases: ['/recording/export/{format}'],
    tag: 'Memory',
    summary: 'What is in memory, as a file',
    description:
      'One address with a parameter, so that whoever asks every address of this document just as it stands, as BlueOS does once a minute, builds no file that nobody wants.',
    params: z.object({
      format: z.enum(['csv', 'parquet']).meta({ description: 'What kind of file' }),
    }),
    reply: file,
    errors: ['nothing_recorded'],
  }),
};
