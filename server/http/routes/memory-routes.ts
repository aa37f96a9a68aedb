import type { Services } from '../../control/services.ts';
import { offer } from './download.ts';
import type { Handlers } from './register.ts';

type Names = 'memoryStart' | 'memoryStop' | 'memoryExport';

export const CONTENT_TYPE = {
  csv: 'text/csv; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
} as const;

/** The in-memory recorder, which is older than sessions and does not stand in their way. */
export function memoryHandlers({ memory, memoryExports }: Services): Handlers<Names> {
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
    memoryExport: ({ params: { format } }, ctx) => {
      const made = memoryExports.stream(format);
      const fileName = memoryExports.fileName(format);
      return offer(ctx, { ...made, fileName, type: CONTENT_TYPE[format] });
    },
  };
}
