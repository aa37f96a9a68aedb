import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocketServer } from 'ws';
import { hasTarget } from './target.ts';

/** Headers that are about the connection itself, which goes on as HTTP/1.1. */
const OF_UPGRADE = new Set(['upgrade', 'connection', 'http2-settings']);

/**
 * Hands WebSockets to `sockets`. An offer of any other protocol is not taken up (RFC 9110, 7.8):
 * clients that try HTTP/2 first, such as curl --http2 and Java's, get their answer as HTTP/1.1.
 */
export function acceptUpgrades(server: Server, sockets: WebSocketServer): void {
  server.on('upgrade', (request, socket, head) => {
    if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
      return stayWithHttp(server, request, socket, head);
    }
    if (!hasTarget(request)) return refuse(socket);
    sockets.handleUpgrade(request, socket, head, (client) =>
      sockets.emit('connection', client, request),
    );
  });
}

/** Node listens for errors of this socket no more: a client that resets it is none of ours. */
function refuse(socket: Duplex): void {
  socket.on('error', () => socket.destroy());
  socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
}

/** Node has stopped reading HTTP on this connection: it begins anew, with the offer left out. */
function stayWithHttp(
  server: Server,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  const { method, url, httpVersion } = request;
  const lines = [`${method} ${url} HTTP/${httpVersion}`, ...headersWithoutOffer(request)];
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit('connection', socket);
}

function headersWithoutOffer({ rawHeaders }: IncomingMessage): string[] {
  const lines = rawHeaders.flatMap((name, at) =>
    at % 2 === 0 ? [`${name}: ${rawHeaders[at + 1]}`] : [],
  );
  return lines.filter((line) => !OF_UPGRADE.has(line.slice(0, line.indexOf(':')).toLowerCase()));
}
