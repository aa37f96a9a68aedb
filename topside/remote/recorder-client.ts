import http from 'node:http';
import https from 'node:https';
import { hostname } from 'node:os';
import { z } from 'zod';
import { type Annotation, annotation } from '../../shared/annotations.ts';
import { recordStatus } from '../../shared/api/recording.ts';
import { sessionDetail } from '../../shared/api/sessions.ts';
import { type SessionSummary, sessionId, sessionSummary } from '../../shared/session.ts';
import { unreadableSession } from '../../shared/unreadable-session.ts';
import { asLost, checked, errorWords, silence, textOf } from './answer.ts';
import { VehicleLostError } from './lost.ts';

/** A broken connection is tried again at once before the vehicle counts as lost. */
const TRIES = 2;
/** The first page is asked for over and over, the others seldom: they are fewer and larger. */
const [FIRST_PAGE, PAGE] = [20, 200];

/** The vehicle's own no (4xx); `message` is its words. */
export class RefusedError extends Error {
  override name = 'RefusedError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const NOT_FOUND = 404;
const said = z.object({ history: z.array(annotation) });

const statusNow = recordStatus.pick({
  is_recording: true,
  session_id: true,
  chunk_count: true,
  state: true,
});
export type StatusNow = z.infer<typeof statusNow>;

/** Stands for the id of a session that the list does not name. */
const NO_ID = '00000000-0000-0000-0000-000000000000';

interface Listed {
  sessions: SessionSummary[];
  total: number;
}

/** Chunks are looked at one by one: a bad one hides no other. */
const detail = sessionDetail
  .partial({ other_files: true })
  .extend({ chunks: z.array(z.looseObject({ filename: z.string() })) });

/** A session as a vehicle tells it; one of an older version has nothing beside the chunks. */
export type RemoteDetail = z.infer<typeof detail>;

/** A vehicle of an older version tells no time that never steps. */
const clockNow = z.object({ mono_s: z.number().exactOptional() });

/** This computer's clock at a moment of the vehicle's, which never steps. */
export interface Look {
  mono_s: number;
  client_unix_ms: number;
  round_trip_ms: number;
}

/** Each session by itself: one that makes no sense hides no other. */
const list = z.object({ sessions: z.array(z.unknown()), total: z.int().min(0) });
const named = z.object({ session_id: sessionId });

/** What can't be read counts as a session of which all is missing. */
function summaryOrUnread(raw: unknown): SessionSummary {
  const known = sessionSummary.safeParse(raw);
  // As it came: a schema would order keys and drop unknown ones.
  if (known.success) return raw as SessionSummary;
  const [first] = known.error.issues;
  const why = `${first?.path.join('.')}: ${first?.message}`;
  const detail = `the vehicle's list does not say what it is (${why})`;
  const id = named.safeParse(raw).data?.session_id ?? NO_ID;
  return unreadableSession(id, new Date().toISOString(), detail);
}

/** The HTTP API of one vehicle, as far as a mirror needs it. */
export class RecorderClient {
  readonly #base: URL;
  readonly #signal: AbortSignal;
  readonly #agent: http.Agent;
  readonly #own: http.OutgoingHttpHeaders;
  #clock: { vehicleMs: number; ownMs: number } | null = null;

  /** `base` ends with a slash. `signal` ends every call. `token`: the vehicle's API_TOKEN. */
  constructor(base: URL, signal: AbortSignal, token: string | null) {
    const { Agent } = base.protocol === 'https:' ? https : http;
    this.#base = base;
    this.#signal = signal;
    this.#own = token === null ? {} : { Authorization: `Bearer ${token}` };
    this.#agent = new Agent({ keepAlive: true });
  }

  stop(): void {
    this.#agent.destroy();
  }

  /** UTC milliseconds by the vehicle's clock, to about a second; null before its first answer. */
  nowMs(): number | null {
    return this.#clock && this.#clock.vehicleMs + (performance.now() - this.#clock.ownMs);
  }

  status(): Promise<StatusNow> {
    return this.#json('record/status', statusNow);
  }

  /** Looks at both clocks; null: the vehicle is too old for it. */
  async lookAtClock(): Promise<Look | null> {
    const began = performance.now();
    const { mono_s } = await this.#json('api/sync/time', clockNow);
    const round_trip_ms = performance.now() - began;
    const client_unix_ms = Date.now() - round_trip_ms / 2;
    return mono_s === undefined ? null : { mono_s, client_unix_ms, round_trip_ms };
  }

  /** Tells the vehicle what was measured, under this computer's name. */
  async tellClock(look: Look): Promise<void> {
    const body = JSON.stringify({ client: hostname().slice(0, 80), ...look });
    const headers = {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body),
    };
    await textOf(await this.open('clock/comparisons', headers, this.#signal, body));
  }

  /** Whether it is there at all: then an error is about what was asked for. */
  answers(): Promise<boolean> {
    return this.status().then(
      () => true,
      (error: unknown) => {
        if (error instanceof VehicleLostError) return false;
        throw error;
      },
    );
  }

  /** Newest first; stops after a page of which `enough` says so. `total` counts all there are. */
  async sessions(enough: (page: readonly SessionSummary[]) => boolean): Promise<Listed> {
    const all: SessionSummary[] = [];
    for (;;) {
      const limit = all.length === 0 ? FIRST_PAGE : PAGE;
      const path = `sessions?offset=${all.length}&limit=${limit}`;
      const { sessions: raw, total } = await this.#json(path, list);
      const sessions = raw.map(summaryOrUnread);
      all.push(...sessions);
      if (sessions.length < limit || enough(sessions)) return { sessions: all, total };
    }
  }

  /** Keys stand in the vehicle's order: what is written from this equals the vehicle's files. */
  session(id: string, afterIndex: number): Promise<RemoteDetail> {
    return this.#json(`sessions/${id}?after_index=${afterIndex}`, detail);
  }

  /** All that people said of a session, oldest first; a vehicle of an older version knows of none. */
  async annotations(id: string): Promise<Annotation[]> {
    try {
      return (await this.#json(`sessions/${id}/annotations`, said)).history;
    } catch (error) {
      if (error instanceof RefusedError && error.status === NOT_FOUND) return [];
      throw error;
    }
  }

  /** Resolves with the head of a good answer (200 or 206). */
  async open(
    path: string,
    headers: http.OutgoingHttpHeaders = {},
    signal = this.#signal,
    posted?: string,
  ): Promise<http.IncomingMessage> {
    const response = await this.#request(
      path,
      {
        agent: this.#agent,
        headers: { ...this.#own, ...headers },
        signal: AbortSignal.any([signal, this.#signal]),
        method: posted === undefined ? 'GET' : 'POST',
      },
      posted,
    );
    const status = response.statusCode ?? 0;
    this.#setClock(response.headers.date);
    if (status === 200 || status === 206) return response;
    const said = await errorWords(response);
    if (status >= 500) throw new VehicleLostError(`it answers ${status}: ${said}`);
    throw new RefusedError(status, `${path.split('?')[0]}: ${said} (${status})`);
  }

  async #json<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S>> {
    for (let left = TRIES - 1; ; left -= 1) {
      try {
        return checked(path, await textOf(await this.open(path)), schema);
      } catch (error) {
        if (!(error instanceof VehicleLostError) || left === 0) throw error;
      }
    }
  }

  #request(
    path: string,
    options: http.RequestOptions,
    posted?: string,
  ): Promise<http.IncomingMessage> {
    const url = new URL(path, this.#base);
    const { request: ask } = url.protocol === 'https:' ? https : http;
    return new Promise((resolve, reject) => {
      const request = ask(url, options);
      request.end(posted);
      const timer = silence(request);
      request.once('close', () => clearTimeout(timer));
      request.once('error', (error) => reject(this.#lost(error)));
      request.once('response', (response) => {
        clearTimeout(timer);
        resolve(response);
      });
    });
  }

  #lost(error: Error): Error {
    return this.#signal.aborted ? error : asLost(error);
  }

  #setClock(date: string | undefined): void {
    const vehicleMs = Date.parse(date ?? '');
    if (!Number.isNaN(vehicleMs)) this.#clock = { vehicleMs, ownMs: performance.now() };
  }
}
