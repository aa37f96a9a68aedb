import { onTestFinished } from 'vitest';

/** A server-sent event, or a comment (then `comment` alone is set). */
export interface ServerEvent {
  id?: string;
  event?: string;
  data?: string;
  comment?: string;
}

/** What a client of server-sent events has got so far; it is closed with the test. */
export interface EventClient {
  status: number;
  headers: Headers;
  events: ServerEvent[];
  close(): void;
}

export async function openEvents(
  url: string,
  headers: Record<string, string> = {},
): Promise<EventClient> {
  const abort = new AbortController();
  onTestFinished(() => abort.abort());
  const response = await fetch(url, {
    headers: { Accept: 'text/event-stream', ...headers },
    signal: abort.signal,
  });
  const events: ServerEvent[] = [];
  void read(response, events).catch((error: unknown) => {
    if (!abort.signal.aborted) throw error;
  });
  return { status: response.status, headers: response.headers, events, close: () => abort.abort() };
}

async function read(response: Response, events: ServerEvent[]): Promise<void> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of response.body ?? []) {
    const blocks = (text + decoder.decode(piece, { stream: true })).split('\n\n');
    text = blocks.pop() ?? '';
    events.push(...blocks.map(parsed));
  }
}

function parsed(block: string): ServerEvent {
  const fields = block.split('\n').map((line) => {
    const [name = '', ...rest] = line.split(': ');
    return [name === '' ? 'comment' : name, rest.join(': ')];
  });
  return Object.fromEntries(fields) as ServerEvent;
}
