import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { pipeline, Transform } from 'node:stream';

export interface Shape {
  /** One way, in milliseconds. */
  delayMs: number;
  /** Bits a second, each way, for all connections together. */
  bitsPerS: number;
  /** Of a hundred pieces that pass, about so many break their connection. */
  brokenPercent: number;
}

/** One direction; connections queue for it. */
interface Way {
  /** When what was sent so far has gone, on performance.now(). */
  freeAt: number;
}

const PIECE_BYTES = 8 * 1024;

/** A TCP proxy as slow and as bad as a long tether. */
export class ShapedLink {
  readonly #to: number;
  readonly #shape: Shape;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #there: Way = { freeAt: 0 };
  readonly #back: Way = { freeAt: 0 };
  broken = 0;

  /** Leads to this port of this machine. */
  constructor(to: number, shape: Shape) {
    this.#to = to;
    this.#shape = shape;
    this.#server = createServer((socket) => this.#lead(socket));
  }

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #lead(near: Socket): void {
    const far = connect(this.#to, '127.0.0.1');
    for (const socket of [near, far]) {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    }
    const cut = () => {
      near.destroy();
      far.destroy();
    };
    pipeline(
      near,
      this.#slow(this.#there, () => undefined),
      far,
      cut,
    );
    pipeline(
      far,
      this.#slow(this.#back, () => this.#maybeBreak(cut)),
      near,
      cut,
    );
  }

  #maybeBreak(cut: () => void): void {
    if (Math.random() * 100 >= this.#shape.brokenPercent) return;
    this.broken += 1;
    cut();
  }

  /** Passes pieces on after the delay, at the rate. */
  #slow(way: Way, onPiece: () => void): Transform {
    const { delayMs, bitsPerS } = this.#shape;
    let freeAt = 0;
    // Timers of different lengths may fire out of turn: pieces leave in the order they came.
    const onTheWay: Buffer[] = [];
    return new Transform({
      highWaterMark: PIECE_BYTES,
      transform(bytes: Buffer, _, done) {
        const now = performance.now();
        onTheWay.push(bytes);
        freeAt = Math.max(now, way.freeAt) + (bytes.length * 8000) / bitsPerS;
        way.freeAt = freeAt;
        setTimeout(
          () => {
            if (this.destroyed) return;
            onPiece();
            if (!this.destroyed) this.push(onTheWay.shift());
          },
          freeAt - now + delayMs,
        );
        setTimeout(done, freeAt - now);
      },
      flush: (done) => void setTimeout(done, Math.max(0, freeAt - performance.now()) + delayMs),
    });
  }
}
