import type { Duplex } from 'node:stream';

/**
 * Opens a serial device as a stream of bytes. Rejects when it can't be opened.
 * Closing is `destroy()`; a device that goes away emits `close`, maybe after `error`.
 */
export type OpenPort = (path: string, baud: number) => Promise<Duplex>;
