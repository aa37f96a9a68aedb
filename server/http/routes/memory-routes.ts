import type Koa from 'koa';
import type { Services } from '../../control/services.ts';
import type { MemoryFormat } from '../../export/memory-exports.ts';
import type { Handlers } from './register.ts';

type Names = 'memoryStart' | 'memoryStop' | 'memoryCsv' | 'memoryParquet';

export const CONTENT_TYPE = {
  csv: 'text/csv; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
} as const;

/** The in-memory recorder, which is older than sessions and does not stand in their way. */
export function memoryHandlers({ memory, memoryExports }: Services): Handlers<Names> {
  const download = (format: MemoryFormat, ctx: Koa.ParameterizedContext) => {
    const body = memoryExports.stream(format);
    ctx.attachment(memoryExports.fileName(format));
    ctx.type = CONTENT_TYPE[format];
    return body;
  };
  return {
    memoryStart: () => {
      memory.start();
      return { status: 'recording' };
    },
    memoryStop: async ({ query }) => {
      const flushPath = query.flush === 'none' ? null : await memoryExports.flush(query.flush);
      memory.stop();
      return { status: 'stopped', flush_path: flushPath };
    },
    memoryCsv: (_input, ctx) => download('csv', ctx),
    memoryParquet: (_input, ctx) => download('parquet', ctx),
  };
}
