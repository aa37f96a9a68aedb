import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseJson } from '../../../shared/json.ts';
import { MavlinkListeners } from './mavlink-listeners.ts';
import { FAIR, heartbeat, SimulatedAutopilot, type World } from './mavlink-messages.ts';
import type { Flight } from './motion.ts';
import { isMessage, type Posted } from './posted.ts';

const PREFIX = '/mavlink2rest';
const VEHICLES_PATH = `${PREFIX}/mavlink/vehicles`;
const MESSAGES_PATH = /^\/(\d+)\/components\/(\d+)\/messages(?:\/(\w+))?$/;
const STREAM_PATHS = [`${PREFIX}/ws/mavlink`, '/v1/ws/mavlink'];
/** What mavlink2rest says, with status 200, of a message that never came. */
const NEVER_CAME = 'None';
const AUTOPILOT_COMPONENT = 1;
const NO_AUTOPILOT = 'MAV_AUTOPILOT_INVALID';
const STATION = { type: 'HEARTBEAT', ...heartbeat('MAV_TYPE_GCS', NO_AUTOPILOT) };
const MOST_POSTED = 1000;

/** What goes wrong with each answer. */
export type MavlinkTrouble = 'hangs' | 'in trouble' | 'no JSON' | 'other JSON' | null;

/** mavlink2rest over true HTTP, with a simulated autopilot behind it, and faults to switch on. */
export class SimulatedMavlink2Rest {
  trouble: MavlinkTrouble = null;
  /** The autopilot sends nothing more: mavlink2rest goes on to give what it had last. */
  isSilent = false;
  /** Messages that the autopilot does not send. */
  missing: readonly string[] = [];
  /** Of the autopilot, and of any others that are heard; a ground station, 255, is heard too. */
  systemIds: readonly number[] = [1];
  /** Which paths pass a WebSocket; behind some a proxy does not. */
  streamPaths: readonly string[] = STREAM_PATHS;
  /** What is around the vehicle; may be changed at any time. */
  readonly world: World;
  /** The newest that were posted, oldest first. */
  readonly posted: Posted[] = [];
  requests = 0;
  /** The most requests that were under way at the same time. */
  mostAtOnce = 0;
  readonly #autopilot: SimulatedAutopilot;
  readonly #seconds: () => number;
  readonly #server: Server = createServer((request, response) => this.#answer(request, response));
  readonly #startMs: number;
  readonly #listeners: MavlinkListeners;
  #silentAt = 0;
  #open = 0;

  /** `seconds` since the start of the flight; by default it starts now. */
  constructor(fly: Flight, seconds: () => number = secondsFromNow(), world: Partial<World> = {}) {
    this.world = { ...FAIR, ...world };
    this.#autopilot = new SimulatedAutopilot(fly, this.world);
    this.#seconds = seconds;
    this.#startMs = Date.now() - seconds() * 1000;
    this.#listeners = new MavlinkListeners({
      ...{ autopilot: this.#autopilot, startMs: this.#startMs, station: STATION },
      systemIds: () => this.systemIds,
      isInTrouble: () => this.trouble !== null,
      names: () => this.#names(),
      seconds: () => (this.isSilent ? null : seconds()),
    });
    this.#server.on('upgrade', (request, socket, head) => {
      const path = String(request.url).split('?', 1)[0] ?? '';
      const isOpen = this.trouble === null && this.streamPaths.includes(path);
      if (isOpen) this.#listeners.take(request, socket, head);
      else socket.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n');
    });
  }

  /** How many listen to its WebSocket. */
  get listeners(): number {
    return this.#listeners.count;
  }

  /** Ends their connections, as a restart does. */
  dropListeners(): void {
    this.#listeners.drop();
  }

  #names(): string[] {
    return this.#autopilot.names.filter((name) => !this.missing.includes(name));
  }

  /** Resolves with its address for MAVLINK2REST_URL. */
  async start(port = 0): Promise<string> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${PREFIX}`;
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#listeners.stop();
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    this.requests += 1;
    this.#open += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#open);
    response.once('close', () => {
      this.#open -= 1;
    });
    if (this.trouble === 'hangs') return;
    if (this.trouble === 'in trouble') response.writeHead(502).end('<h1>502 Bad Gateway</h1>');
    else if (this.trouble === 'no JSON') response.end('{"message": {"alt": -1');
    else if (this.trouble === 'other JSON') response.end('{"message": "none", "status": null}');
    else if (request.method === 'POST')
      this.#take(request, response).catch(() => response.destroy()); // The client has left.
    else this.#give(request, response);
  }

  #give({ url = '' }: IncomingMessage, response: ServerResponse): void {
    if (!this.isSilent) this.#silentAt = this.#seconds();
    const content = url === VEHICLES_PATH ? this.#vehicles() : this.#message(url);
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(content === null ? NEVER_CAME : JSON.stringify(content, null, 2));
  }

  #message(url: string): object | null {
    const path = url.startsWith(VEHICLES_PATH) ? url.slice(VEHICLES_PATH.length) : '';
    const [, system, component, name] = MESSAGES_PATH.exec(path) ?? [];
    if (!this.systemIds.includes(Number(system))) return null;
    if (Number(component) !== AUTOPILOT_COMPONENT) return null;
    if (name === undefined) return this.#newest();
    return this.missing.includes(name) ? null : this.#of(name);
  }

  /** All that it ever heard, by system and component. */
  #vehicles(): object {
    const messages = this.#newest();
    const station = { message: STATION };
    return Object.fromEntries([
      ...this.systemIds.map((id) => [id, { id, components: { 1: { id: 1, messages } } }]),
      [255, { id: 255, components: { 190: { id: 190, messages: { HEARTBEAT: station } } } }],
    ]);
  }

  #newest(): object {
    return Object.fromEntries(this.#names().map((name) => [name, this.#of(name)]));
  }

  #of(name: string): object | null {
    return this.#autopilot.newest(name, this.#silentAt, this.#startMs);
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const piece of request) text += String(piece);
    const body = parseJson(text);
    const good = request.url === `${PREFIX}/mavlink` && isMessage(body);
    if (good) this.#post(body);
    response.writeHead(good ? 200 : 404).end(good ? '' : 'Failed to parse message: not valid');
  }

  /** The router takes us for the autopilot, and sends nothing more of the real one to mavlink2rest. */
  #post(body: Posted): void {
    const { system_id, component_id } = body.header;
    const isAutopilot = this.systemIds.includes(system_id) && component_id === AUTOPILOT_COMPONENT;
    if (isAutopilot) this.isSilent = true;
    this.posted.push(body);
    if (this.posted.length > MOST_POSTED) this.posted.shift();
  }
}

function secondsFromNow(): () => number {
  const start = performance.now();
  return () => (performance.now() - start) / 1000;
}
