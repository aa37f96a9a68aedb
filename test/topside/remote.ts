import { createHash, randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Annotation } from '../../shared/annotations.ts';
import { isoMicros } from '../../shared/clock.ts';
import type { Chunk, SessionEvent } from '../../shared/session.ts';
import type { SealedPart } from '../../shared/vehicle.ts';

const START_MICROS = Date.UTC(2025, 10, 12, 14, 30, 45) * 1000;
const PREFIX = '/extensionv2/qsensor/';

/** A line of a chunk as the recorder writes it. */
export function rowLine(seq: number, value = `${seq}.000066`): string {
  const timestamp = isoMicros(START_MICROS + seq * 1e5);
  return (
    `{"timestamp":"${timestamp}","sensor_id":"SIM \\"7\\", a","mode":"freerun","value":${value},` +
    `"TempC":21.50,"Vin":null,"seq":${seq},"elapsed_s":${(seq / 10).toFixed(6)}}\n`
  );
}

/** A line of vehicle.jsonl. */
function vehicleLine(row: number): string {
  const timestamp = isoMicros(START_MICROS + row * 2e5);
  return `{"timestamp":"${timestamp}","elapsed_s":${(row / 5).toFixed(6)},"depth_m":${row}}\n`;
}

type Bounds = Omit<Chunk, 'index' | 'filename' | 'size_bytes' | 'sha256' | 'created_at'>;

/** A session as a vehicle has it: metadata, chunks and their bytes. */
export class RemoteSession {
  readonly id = randomUUID();
  readonly files = new Map<string, Buffer>();
  readonly chunks: Chunk[] = [];
  otherFiles: SealedPart[] = [];
  events: SessionEvent[] = [];
  state: 'recording' | 'complete' = 'recording';
  start = isoMicros(START_MICROS);
  /** Emits `row` with the line of each row as it is recorded. */
  readonly recorded = new EventEmitter();
  /** Rows of the chunk being recorded. */
  unsealed: string[] = [];
  seq = 0;

  record(rows: number): void {
    for (let row = 0; row < rows; row += 1) {
      const line = rowLine(this.seq++);
      this.unsealed.push(line);
      this.recorded.emit('row', line);
    }
  }

  /** Seals what is recorded and this many rows more. */
  seal(more = 50): Chunk {
    this.record(more);
    const rows = this.unsealed.length;
    const first = this.seq - rows;
    const bytes = Buffer.from(this.unsealed.join(''));
    this.unsealed = [];
    return this.#keep('jsonl', bytes, {
      row_count: rows,
      first_timestamp: isoMicros(START_MICROS + first * 1e5),
      last_timestamp: isoMicros(START_MICROS + (this.seq - 1) * 1e5),
      first_seq: first,
      last_seq: this.seq - 1,
    });
  }

  /** These lines, whatever they are. */
  sealLines(lines: readonly string[]): Chunk {
    const times = { first_timestamp: this.start, last_timestamp: this.start };
    const bounds = { ...times, first_seq: 0, last_seq: lines.length - 1 };
    return this.#keep('jsonl', Buffer.from(lines.join('')), { row_count: lines.length, ...bounds });
  }

  /** One row as the sessions of survey clients have them: without a number. */
  sealCsv(row: string): Chunk {
    const times = { first_timestamp: this.start, last_timestamp: this.start };
    const text = `timestamp,sensor_id,mode,value,TempC,Vin\n${row}\n`;
    const bounds = { ...times, first_seq: null, last_seq: null };
    return this.#keep('csv', Buffer.from(text), { row_count: 1, ...bounds });
  }

  #keep(extension: string, bytes: Buffer, bounds: Bounds): Chunk {
    const index = this.chunks.length;
    const chunk = {
      index,
      filename: `chunk_${String(index).padStart(5, '0')}.${extension}`,
      size_bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      created_at: isoMicros(START_MICROS + this.seq * 1e5),
      ...bounds,
    };
    this.files.set(chunk.filename, bytes);
    this.chunks.push(chunk);
    return chunk;
  }

  /** The vehicle says something this many times more, and it is sealed. */
  sealVehicle(rows = 10): SealedPart {
    const before = this.files.get('vehicle.jsonl') ?? Buffer.alloc(0);
    const first = this.otherFiles[0]?.row_count ?? 0;
    const lines = Array.from({ length: rows }, (_, row) => vehicleLine(first + row));
    const bytes = Buffer.concat([before, Buffer.from(lines.join(''))]);
    const part: SealedPart = {
      filename: 'vehicle.jsonl',
      size_bytes: bytes.length,
      row_count: first + rows,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      sealed_at: isoMicros(START_MICROS + (first + rows) * 2e5),
    };
    this.files.set('vehicle.jsonl', bytes);
    this.otherFiles = [part];
    return part;
  }

  /** Keys in an order that no schema has, as a user's own may be. */
  metadata() {
    const { id, state, start } = this;
    const others = this.otherFiles.length > 0 ? { other_files: this.otherFiles } : {};
    const chunk_count = this.chunks.length;
    return { state, mission: 'Dive', session_id: id, chunk_count, start, ...others };
  }

  summary() {
    const sum = (key: 'size_bytes' | 'row_count') =>
      this.chunks.reduce((total, chunk) => total + chunk[key], 0);
    return {
      ...{ session_id: this.id, state: this.state, mission: 'Dive', start_time: this.start },
      end_time: this.state === 'complete' ? this.start : null,
      ...{ duration_s: 1, total_rows: sum('row_count'), chunk_count: this.chunks.length },
      ...{ size_bytes: sum('size_bytes'), sensor_id: 'SIM', failure: null },
    };
  }

  /** All that its folder holds on the vehicle, as text. */
  disk(): Record<string, string> {
    const lines = (items: object[]) => items.map((item) => `${JSON.stringify(item)}\n`).join('');
    const files = [...this.files].map(([name, bytes]) => [name, bytes.toString()]);
    return {
      ...Object.fromEntries(files),
      'metadata.json': `${JSON.stringify(this.metadata(), null, 2)}\n`,
      ...(this.chunks.length > 0 ? { 'manifest.jsonl': lines(this.chunks) } : {}),
      ...(this.otherFiles.length > 0 ? { 'vehicle_manifest.jsonl': lines(this.otherFiles) } : {}),
      ...(this.events.length > 0 ? { 'events.jsonl': lines(this.events) } : {}),
    };
  }
}

/** What goes wrong on the way, for each request of a file in turn. */
export type Fault = 'cut' | 'wrong bytes' | 'no ranges' | 'in trouble' | null;

/** The remote end over true HTTP, under a proxy's prefix, with faults to switch on. */
export class Remote {
  readonly sessions: RemoteSession[] = [];
  /** One is taken for each request of a file. */
  faults: Fault[] = [];
  /** Milliseconds that a file takes at least, so that there is a middle to be killed in. */
  fileMs = 0;
  readonly requests: { path: string; range: string | undefined; ifRange: string | undefined }[] =
    [];
  canTail = true;
  /** Answers a request in its own way where it gives true. */
  breaks: (path: string, response: ServerResponse) => boolean = () => false;
  /** One is given for each Parquet file that is asked for, without telling its length. */
  parquet: string[] = [];
  /** What people said of each session. */
  annotations: Annotation[] = [];
  /** Emits `asked` at every request. */
  readonly asked = new EventEmitter();
  readonly #server: Server = createServer((request, response) => this.#answer(request, response));

  async start(port = 0): Promise<URL> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address() as AddressInfo;
    return new URL(`http://127.0.0.1:${address.port}${PREFIX}`);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  add(chunks = 0, rows = 50): RemoteSession {
    const session = new RemoteSession();
    for (let index = 0; index < chunks; index += 1) session.seal(rows);
    this.sessions.unshift(session);
    return session;
  }

  fileRequests(name: string) {
    return this.requests.filter(({ path }) => path.endsWith(name));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '', 'http://vehicle');
    const known = url.pathname.startsWith(PREFIX);
    const [first, second = '', third = ''] = (known ? url.pathname.slice(PREFIX.length) : '').split(
      '/',
    );
    const { range, 'if-range': ifRange } = request.headers;
    this.asked.emit('asked');
    this.requests.push({ path: url.pathname, range, ifRange: ifRange?.toString() });
    if (this.breaks(url.pathname, response)) return;
    if (first === 'files') this.#file(request, response, second, third);
    else if (second === 'tail' && this.canTail) this.#tail(response, url.searchParams);
    else if (second === 'status') sendJson(response, this.#status());
    else if (third === 'annotations') sendJson(response, { history: this.annotations });
    else if (third === 'report') response.end('<!doctype html><html></html>\n');
    else if (third === 'export') response.end(this.parquet.shift());
    else if (first === 'sessions' && second === '') sendJson(response, this.#list(url));
    else if (first === 'sessions') this.#session(response, second, url);
    else sendJson(response, { detail: 'There is no such path.' }, 404);
  }

  #status() {
    const active = this.sessions.find(({ state }) => state === 'recording');
    return {
      is_recording: active !== undefined,
      session_id: active?.id ?? null,
      chunk_count: active?.chunks.length ?? 0,
      state: active?.state ?? 'complete',
    };
  }

  #tail(response: ServerResponse, query: URLSearchParams): void {
    const session = this.sessions.find(({ id }) => id === query.get('session_id'));
    const from = Number(query.get('from_seq'));
    const send = (line: string) => {
      if (Number(/"seq":(\d+)/.exec(line)?.[1]) >= from) response.write(line);
    };
    response.writeHead(200, { 'Content-Type': 'application/x-ndjson' }).flushHeaders();
    session?.unsealed.forEach(send);
    session?.recorded.on('row', send);
    response.once('close', () => session?.recorded.off('row', send));
  }

  #list(url: URL) {
    const offset = Number(url.searchParams.get('offset'));
    const limit = Number(url.searchParams.get('limit'));
    const sessions = this.sessions.slice(offset, offset + limit).map((one) => one.summary());
    return { sessions, total: this.sessions.length, total_size_bytes: 0 };
  }

  #session(response: ServerResponse, id: string, url: URL): void {
    const session = this.sessions.find((one) => one.id === id);
    if (session === undefined) {
      sendJson(response, { detail: 'There is no such session.', code: 'session_not_found' }, 404);
      return;
    }
    const after = Number(url.searchParams.get('after_index'));
    sendJson(response, {
      summary: session.summary(),
      metadata: session.metadata(),
      chunks: session.chunks.filter(({ index }) => index > after),
      other_files: session.otherFiles,
      events: session.events,
    });
  }

  #file(request: IncomingMessage, response: ServerResponse, id: string, name: string): void {
    const bytes = this.sessions.find((one) => one.id === id)?.files.get(name);
    const fault = this.faults.shift() ?? null;
    if (bytes === undefined) sendJson(response, { detail: 'There is no such file.' }, 404);
    else if (fault === 'in trouble') sendJson(response, { detail: 'Try again later.' }, 503);
    else if (fault === 'wrong bytes') response.end(Buffer.alloc(bytes.length, 'x'));
    else
      sendFile(response, bytes, fault === 'no ranges' ? {} : rangeOf(request), fault, this.fileMs);
  }
}

interface Range {
  from?: number;
  /** The last byte. */
  to?: number;
}

function rangeOf(request: IncomingMessage): Range {
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
  if (from === undefined) return {};
  return { from: Number(from), ...(to ? { to: Number(to) } : {}) };
}

/** A cut link: half of what was asked for arrives. */
function sendFile(
  response: ServerResponse,
  bytes: Buffer,
  { from, to = bytes.length - 1 }: Range,
  fault: Fault,
  fileMs: number,
): void {
  const rest = bytes.subarray(from ?? 0, to + 1);
  const range = `bytes ${from}-${to}/${bytes.length}`;
  response.writeHead(from === undefined ? 200 : 206, {
    'Content-Length': rest.length,
    ...(from === undefined ? {} : { 'Content-Range': range }),
  });
  if (fault === 'cut') response.write(rest.subarray(0, rest.length / 2), () => response.destroy());
  else if (fileMs === 0) response.end(rest);
  else dribble(response, rest, fileMs / PIECES);
}

const PIECES = 8;

function dribble(response: ServerResponse, rest: Buffer, pauseMs: number): void {
  const size = Math.ceil(rest.length / PIECES);
  const next = (from: number) => {
    if (from >= rest.length) response.end();
    else {
      response.write(rest.subarray(from, from + size));
      setTimeout(() => next(from + size), pauseMs);
    }
  };
  next(0);
}

function sendJson(response: ServerResponse, body: object, status = 200): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}
