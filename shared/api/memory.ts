import { z } from 'zod';
import { route } from './route.ts';

const status = <S extends string>(text: S) =>
  z.literal(text).meta({ description: 'What was done' });
const csv = { contentTypes: ['text/csv'], description: 'timestamp,sensor_id,mode,value,TempC,Vin' };
const parquet = {
  contentTypes: ['application/vnd.apache.parquet'],
  description: 'Columns timestamp (UTC, microseconds), sensor_id, mode, value, TempC, Vin',
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
  memoryCsv: route({
    method: 'get',
    path: '/export/csv',
    aliases: ['/recording/export/csv'],
    tag: 'Memory',
    summary: 'What is in memory, as CSV',
    reply: csv,
    errors: ['nothing_recorded'],
  }),
  memoryParquet: route({
    method: 'get',
    path: '/export/parquet',
    aliases: ['/recording/export/parquet'],
    tag: 'Memory',
    summary: 'What is in memory, as Parquet',
    reply: parquet,
    errors: ['nothing_recorded'],
  }),
};
