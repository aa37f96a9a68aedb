import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { forwardInHttp10, upgradeInHttp10 } from './proxy-http10.ts';

/** What BlueOS's nginx puts before the extension's page. */
export const PREFIX = '/extensionv2/qsensor';

/** nginx gives up on a service that says nothing for so long. */
const READ_TIMEOUT_MS = 600_000;

/** Where nobody listens. */
export const NOBODY = 'http://127.0.0.1:9';

/** BlueOS up to 1.4.3 and betas of 1.5, or 1.5.0-beta.40 and later: they differ in their proxy. */
export type BlueOsVersion = '1.4' | '1.5';

/** What stands behind BlueOS's address, as `http://127.0.0.1:1234`. */
export interface Behind {
  extension: string;
  mavlink2rest: string;
}

/** A reverse proxy as on the vehicle: strips the prefix; only 1.5's passes WebSockets on. */
export interface Proxy {
  /** Where the page is, with the slash at the end. */
  url: string;
  /** A tether that is cut: connections stay open and nothing gets through. */
  cut(): void;
  mend(): void;
  /** Kills the connections that there are without telling either end; new ones work. */
  sever(): void;
}

/** The headers that nginx adds, besides those of the browser. */
function headersOf(incoming: IncomingMessage): Record<string, string | string[] | undefined> {
  return {
    ...incoming.headers,
    // Without the port.
    host: (incoming.headers.host ?? '').replace(/:\d+$/, ''),
    'x-real-ip': '127.0.0.1',
    'x-forwarded-for': '127.0.0.1',
    'x-forwarded-proto': 'http',
  };
}

/** BlueOS's page with the extension in an iframe. */
export function blueOsPage(): string {
  const style = 'width:100%;height:780px;border:0';
  return `<!doctype html><title>BlueOS</title><iframe src="${PREFIX}/" style="${style}"></iframe>`;
}

/** The prefix is stripped; null: BlueOS's own page. */
function onwardUrl(url: string, { extension, mavlink2rest }: Behind): string | null {
  if (url.startsWith(`${PREFIX}/`)) return extension + url.slice(PREFIX.length);
  return url.startsWith('/mavlink2rest/') ? mavlink2rest + url : null;
}

/** In front of an extension at `http://127.0.0.1:1234`; the page at `/` shows it in an iframe. */
export function startProxy(extension: string): Promise<Proxy> {
  return startProxyTo({ extension, mavlink2rest: NOBODY }, '1.5');
}

export async function startProxyTo(behind: Behind, version: BlueOsVersion): Promise<Proxy> {
  const sockets = new Set<Socket>();
  let isCut = false;

  const forward = (incoming: IncomingMessage) => {
    const url = onwardUrl(incoming.url ?? '', behind);
    if (url === null) return null;
    const onward = request(url, { method: incoming.method, headers: headersOf(incoming) });
    return onward.setTimeout(READ_TIMEOUT_MS, () => onward.destroy());
  };

  const server: Server = createServer((incoming, answer) => {
    const url = onwardUrl(incoming.url ?? '', behind);
    if (url !== null && version === '1.4') {
      forwardInHttp10(url, headersOf(incoming), incoming, answer);
      return;
    }
    const onward = forward(incoming);
    if (onward === null) {
      answer.setHeader('content-type', 'text/html').end(blueOsPage());
      return;
    }
    onward.on('response', (response) => {
      const { 'access-control-allow-origin': _hidden, ...headers } = response.headers;
      answer.writeHead(response.statusCode ?? 502, {
        ...headers,
        'access-control-allow-origin': '*',
      });
      response.pipe(answer);
    });
    onward.on('error', () => answer.writeHead(502).end('<h1>502 Bad Gateway</h1>'));
    incoming.pipe(onward);
  });

  server.on('upgrade', (incoming, socket) => {
    const url = onwardUrl(incoming.url ?? '', behind);
    if (url !== null && version === '1.4') {
      return upgradeInHttp10(url, headersOf(incoming), socket);
    }
    const onward = forward(incoming);
    if (onward === null) return socket.destroy();
    onward.on('upgrade', (response, upstream) => {
      const lines = response.rawHeaders.map((text, i) =>
        i % 2 === 0 ? `${text}: ` : `${text}\r\n`,
      );
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('')}\r\n`);
      upstream.pipe(socket).pipe(upstream);
      sockets.add(upstream as Socket);
      upstream.on('error', () => socket.destroy());
      socket.on('error', () => upstream.destroy());
    });
    onward.on('response', () => socket.destroy());
    onward.on('error', () => socket.destroy());
    return onward.end();
  });

  server.on('connection', (socket) => {
    sockets.add(socket);
    if (isCut) socket.pause();
    socket.on('close', () => sockets.delete(socket));
  });

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    cut: () => {
      isCut = true;
      for (const socket of sockets) socket.pause();
    },
    mend: () => {
      isCut = false;
      for (const socket of sockets) socket.resume();
    },
    sever: () => {
      for (const socket of sockets) socket.pause();
    },
  };
}
