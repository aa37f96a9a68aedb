import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endWithParent } from './child.ts';
import { seconds } from './process.ts';

export interface Nginx {
  base: string;
  stop(): Promise<void>;
}

const PATIENCE_S = 10;

/** Serves a folder with a configuration of its own on a free port. The system's nginx is left alone. */
export async function startNginx(root: string): Promise<Nginx> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-nginx-'));
  const port = await freePort();
  await writeFile(join(folder, 'nginx.conf'), configuration(folder, root, port));
  const path = `/usr/sbin:/sbin:${process.env['PATH']}`;
  const args = ['-p', folder, '-e', join(folder, 'error.log'), '-c', join(folder, 'nginx.conf')];
  const child = spawn('nginx', args, { stdio: 'inherit', env: { ...process.env, PATH: path } });
  await once(child, 'spawn').catch((cause) => {
    throw new Error('nginx is needed to compare with: apt-get install nginx-light', { cause });
  });
  endWithParent(child);
  const base = `http://127.0.0.1:${port}`;
  await answers(base);
  const stop = async () => {
    child.kill();
    await once(child, 'exit');
    await rm(folder, { recursive: true });
  };
  return { base, stop };
}

function configuration(folder: string, root: string, port: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join('\n  ');
  return `daemon off;
worker_processes 1;
user root;
pid ${folder}/pid;
events { worker_connections 64; }
http {
  access_log off;
  ${temporary}
  sendfile on;
  tcp_nopush on;
  keepalive_requests 100000;
  server { listen 127.0.0.1:${port}; root ${root}; }
}
`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

async function answers(base: string): Promise<void> {
  for (let waited = 0; waited < PATIENCE_S; waited += 0.05) {
    if (await fetch(base).catch(() => null)) return;
    await seconds(0.05);
  }
  throw new Error('nginx does not answer');
}
