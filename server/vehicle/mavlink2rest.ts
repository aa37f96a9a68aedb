import { Agent, type IncomingMessage, type RequestOptions, request } from 'node:http';
import { parseJson } from '../../shared/json.ts';
import { AUTOPILOT } from './autopilots.ts';

/** It runs on the same computer and answers in a few milliseconds. */
const LIMIT_MS = 1000;
/** A message has less than a kilobyte; of a fleet's vehicles it may have some hundred messages each. */
const MOST_BYTES = 4 * 1024 * 1024;
/** With status 200: what was asked for never came. */
const NEVER_CAME = 'None';

/** Who a message is from, as MAVLink numbers systems and their components. */
export interface Sender {
  system: number;
  component: number;
}

/** mavlink2rest was not reached, or did not answer as it should; the message says why, in words. */
export class NoAnswerError extends Error {
  override name = 'NoAnswerError';
}

/**
 * The HTTP API of mavlink2rest. One connection, kept open; one request at a time: a name
 * that does not resolve must not keep more than one of the system's threads waiting.
 */
export class Mavlink2Rest {
  readonly #base: URL;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  /** As MAVLINK2REST_URL gives it, with or without a slash at its end. */
  constructor(address: string) {
    this.#base = new URL(address.endsWith('/') ? address : `${address}/`);
  }

  stop(): void {
    this.#agent.destroy();
  }

  /** All that was heard, by system and component, as parsed JSON. */
  vehicles(): Promise<unknown> {
    return this.#get('mavlink/vehicles');
  }

  /** An autopilot's newest messages by name, as parsed JSON; null where it sent none. */
  newest(system: number): Promise<unknown> {
    return this.#get(`mavlink/vehicles/${system}/components/${AUTOPILOT}/messages`);
  }

  /** Hands a message to the vehicle's router. Clients of mavlink2rest's own WebSocket don't get it. */
  async post({ system, component }: Sender, message: object): Promise<void> {
    const header = { system_id: system, component_id: component, sequence: 0 };
    const { status, text } = await this.#call('mavlink', { method: 'POST' }, { header, message });
    if (status === 404)
      throw new NoAnswerError(`it can't read or send the message: ${brief(text)}`);
    if (status >= 300) throw new NoAnswerError(`it refuses the message with ${status}`);
  }

  async #get(path: string): Promise<unknown> {
    const { status, text } = await this.#call(path, {});
    if (status === 404 || text.trim() === NEVER_CAME) return null;
    if (status !== 200) throw new NoAnswerError(`it answers ${status}`);
    return parsed(text);
  }

  async #call(path: string, options: RequestOptions, body?: object) {
    const signal = AbortSignal.timeout(LIMIT_MS);
    const text = body && JSON.stringify(body);
    const headers = text ? { 'Content-Type': 'application/json' } : {};
    try {
      return await this.#answer(path, { ...options, headers, agent: this.#agent, signal }, text);
    } catch (error) {
      if (signal.aborted) throw new NoAnswerError('no answer within a second');
      throw isOfTheNetwork(error) ? new NoAnswerError(error.code) : error;
    }
  }

  async #answer(path: string, options: RequestOptions, body: string | undefined) {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request(new URL(path, this.#base), options, resolve).once('error', reject).end(body);
    });
    let text = '';
    for await (const piece of response.setEncoding('utf8')) {
      text += piece;
      if (text.length > MOST_BYTES) throw new NoAnswerError('it answers with more than a message');
    }
    return { status: response.statusCode ?? 0, text };
  }
}

/** Connection refused or reset, no such host, an answer that is no HTTP. */
function isOfTheNetwork(error: unknown): error is Error & { code: string } {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return (
    'syscall' in error ||
    /^(ECONNRESET|ERR_STREAM_PREMATURE_CLOSE|HPE_\w+)$/.test(String(error.code))
  );
}

function brief(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)} ...` : text || 'it does not say why';
}

function parsed(text: string): unknown {
  const answer = parseJson(text);
  if (answer === undefined) throw new NoAnswerError('its answer is no JSON');
  return answer;
}
