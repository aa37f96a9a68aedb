import { z } from 'zod';
import { route } from './route.ts';

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
    reply: z.object({ status: z.literal('recording') }),
    errors: [],
  }),
  memoryStop: route({
    method: 'post',
    path: '/recording/stop',
    tag: 'Memory',
    summary: 'Stop keeping readings, and write them to a file if asked',
    query: z.object({ flush: z.enum(['none', 'csv', 'parquet']).default('none') }),
    reply: z.object({ status: z.literal('stopped'), flush_path: z.string().nullable() }),
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
