import { hostname } from 'node:os';
import { FolderInUse } from '../files/folder-lock.ts';
import { portHolder } from '../serial/port-holder.ts';
import { ConfigError } from './config.ts';

type ListenError = NodeJS.ErrnoException & { address?: string; hostname?: string; port?: number };

/** One line for whoever starts the service; null where the error is none that a person can mend. */
export async function startErrorInWords(error: unknown): Promise<string | null> {
  if (error instanceof ConfigError) return error.message;
  if (error instanceof FolderInUse) return inUse(error);
  if (!(error instanceof Error && 'syscall' in error)) return null;
  const { syscall, code, address, hostname, port = 0 } = error as ListenError;
  if (syscall !== 'listen' && syscall !== 'getaddrinfo') return null;
  if (code === 'EADDRINUSE') return taken(port);
  if (code === 'EACCES')
    return `API_PORT=${port}: this user may not open it; 1024 and above may be.`;
  return `API_HOST=${address ?? hostname}: an address of this machine, or 0.0.0.0 for all (${code}).`;
}

async function taken(port: number): Promise<string> {
  const holder = (await portHolder(port)) ?? 'another program';
  return `API_PORT=${port}: the port is taken by ${holder}. Stop that, or set API_PORT to another.`;
}

function inUse({ message, owner }: FolderInUse): string {
  const where = owner === null || owner.host === hostname() ? '' : ` in ${owner.host}`;
  const who = owner ? `${owner.program}, process ${owner.pid}${where}` : 'another process';
  return `CHUNK_RECORDING_PATH: ${message} by ${who}. Stop that, or set another folder.`;
}
