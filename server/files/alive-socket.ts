import { open, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { isSystemError } from './storage-error.ts';

/** A socket in a folder, to which others can tell that this process lives. */
export interface AliveSocket {
  name: string;
  close(): Promise<void>;
}

/** A living owner's system answers at once, whatever the owner does. */
const PATIENCE_MS = 2000;

/** null where the folder's file system holds no sockets. */
export async function listenAt(folder: string, name: string): Promise<AliveSocket | null> {
  const server = await throughShortPath(folder, name, listening);
  if (server === null) return null;
  // It keeps no process running that has nothing else to do.
  server.unref();
  const close = async () => {
    await new Promise((closed) => server.close(closed));
    await rm(join(folder, name), { force: true });
  };
  return { name, close };
}

/** Whether a process listens there. */
export function answers(folder: string, name: string): Promise<boolean> {
  return throughShortPath(folder, name, connected);
}

function listening(path: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error) => (isSystemError(error) ? resolve(null) : reject(error)));
    server.listen(path, () => resolve(server));
  });
}

/** One that has so many waiting that it takes no more is alive too. */
function connected(path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    const end = (isAlive: boolean) => {
      socket.destroy();
      resolve(isAlive);
    };
    socket.once('connect', () => end(true));
    socket.setTimeout(PATIENCE_MS, () => end(true));
    socket.once('error', (error) => {
      if (isSystemError(error)) end(error.code === 'EAGAIN');
      else reject(error);
    });
  });
}

/** A socket's path has at most 107 bytes; through an open folder the longest is short. */
async function throughShortPath<T>(
  folder: string,
  name: string,
  use: (path: string) => Promise<T>,
): Promise<T> {
  const handle = await open(folder);
  try {
    return await use(`/proc/self/fd/${handle.fd}/${name}`);
  } finally {
    await handle.close();
  }
}
