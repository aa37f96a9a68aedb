import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

type Headers = Record<string, string | string[] | undefined>;

/** nginx drops these on the way to the service, and says itself what holds for the connection. */
const OF_CONNECTION = new Set(['connection', 'upgrade', 'keep-alive', 'transfer-encoding']);

interface Head {
  status: number;
  headers: Record<string, string>;
}

/**
 * As nginx asks a service by default: in HTTP/1.0, on a connection for this alone. What comes is
 * held back until it is whole, unless the service forbids that. Where no length was told, an answer
 * that breaks looks whole.
 */
export function forwardInHttp10(
  url: string,
  headers: Headers,
  incoming: IncomingMessage,
  answer: ServerResponse,
): void {
  const upstream = ask(url, incoming.method ?? 'GET', headers);
  incoming.pipe(upstream, { end: false });
  let begun = Buffer.alloc(0);
  let head: Head | null = null;
  const held: Buffer[] = [];
  upstream.on('data', (piece: Buffer) => {
    if (head !== null) return pass(piece);
    begun = Buffer.concat([begun, piece]);
    const end = begun.indexOf('\r\n\r\n');
    if (end < 0) return;
    head = parseHead(begun.toString('latin1', 0, end));
    answer.writeHead(head.status, { ...head.headers, 'access-control-allow-origin': '*' });
    pass(begun.subarray(end + 4));
  });
  const pass = (bytes: Buffer) => {
    if (head?.headers['x-accel-buffering'] === 'no') answer.write(bytes);
    else held.push(bytes);
  };
  upstream.on('close', () => {
    if (head === null) answer.writeHead(502).end('<h1>502 Bad Gateway</h1>');
    else answer.end(Buffer.concat(held));
  });
  upstream.on('error', () => upstream.destroy());
  answer.on('close', () => upstream.destroy());
}

/** The offer of a WebSocket is not passed on: the service sees a plain GET. */
export function upgradeInHttp10(url: string, headers: Headers, socket: Duplex): void {
  const upstream = ask(url, 'GET', headers);
  upstream.pipe(socket);
  upstream.on('error', () => socket.destroy());
  socket.on('error', () => upstream.destroy());
}

function ask(url: string, method: string, headers: Headers): Socket {
  const { hostname, port, pathname, search } = new URL(url);
  const upstream = connect(Number(port), hostname);
  const lines = Object.entries(headers)
    .filter(([name, value]) => value !== undefined && !OF_CONNECTION.has(name))
    .map(([name, value]) => `${name}: ${String(value)}`);
  const head = [`${method} ${pathname}${search} HTTP/1.0`, ...lines, 'connection: close'];
  upstream.write(`${head.join('\r\n')}\r\n\r\n`);
  return upstream;
}

function parseHead(text: string): Head {
  const [first = '', ...lines] = text.split('\r\n');
  const pairs = lines.map((line): [string, string] => {
    const at = line.indexOf(':');
    return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()];
  });
  const ofAnswer = pairs.filter(([name]) => !OF_CONNECTION.has(name));
  return { status: Number(first.split(' ')[1]), headers: Object.fromEntries(ofAnswer) };
}
