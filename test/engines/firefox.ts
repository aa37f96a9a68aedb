import { once } from 'node:events';
import { WebSocket } from 'ws';
import { type Engine, Program } from './engine.ts';

interface Message {
  id?: number;
  type: string;
  method?: string;
  result?: Record<string, unknown>;
  message?: string;
  params?: { level: string; text: string | null };
}

/** WebDriver BiDi: questions with an id, answers with the same one, and events between. */
class Bidi {
  readonly errors: string[] = [];
  readonly #socket: WebSocket;
  readonly #asked = new Map<number, (message: Message) => void>();
  #last = 0;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => this.#take(JSON.parse(String(data)) as Message));
  }

  async ask(method: string, params: object = {}): Promise<Record<string, unknown>> {
    this.#last += 1;
    const id = this.#last;
    const answer = new Promise<Message>((resolve) => this.#asked.set(id, resolve));
    this.#socket.send(JSON.stringify({ id, method, params }));
    const { type, result, message } = await answer;
    if (type === 'error') throw new Error(`${method}: ${message}`);
    return result ?? {};
  }

  #take(message: Message): void {
    if (message.id !== undefined) this.#asked.get(message.id)?.(message);
    if (message.method !== 'log.entryAdded' || message.params?.level !== 'error') return;
    this.errors.push(message.params.text ?? '');
  }
}

async function connect(address: string): Promise<Bidi> {
  const socket = new WebSocket(`${address}/session`);
  await once(socket, 'open');
  const bidi = new Bidi(socket);
  await bidi.ask('session.new', { capabilities: {} });
  await bidi.ask('session.subscribe', { events: ['log.entryAdded'] });
  return bidi;
}

/** Debian's firefox-esr without a screen, in a folder of its own. */
export async function startFirefox(home: string): Promise<Engine> {
  const args = ['--headless', '--profile', home, '--remote-debugging-port', '0', 'about:blank'];
  const program = new Program('firefox-esr', args, home);
  const bidi = await connect(await program.told(/WebDriver BiDi listening on (ws:\S+)/));
  const tree = await bidi.ask('browsingContext.getTree');
  const context = (tree['contexts'] as { context: string }[])[0]?.context;
  return {
    open: async (url) => {
      await bidi.ask('browsingContext.navigate', { context, url, wait: 'complete' });
    },
    resize: async (width, height) => {
      await bidi.ask('browsingContext.setViewport', { context, viewport: { width, height } });
    },
    evaluate: async (expression) => {
      const script = `(async () => JSON.stringify((await (${expression})) ?? null))()`;
      const asked = { expression: script, target: { context }, awaitPromise: true };
      const { result, exceptionDetails } = await bidi.ask('script.evaluate', asked);
      if (exceptionDetails) throw new Error((exceptionDetails as { text: string }).text);
      return JSON.parse((result as { value: string }).value);
    },
    screenshot: async () => {
      const { data } = await bidi.ask('browsingContext.captureScreenshot', { context });
      return Buffer.from(data as string, 'base64');
    },
    errors: async () => bidi.errors,
    close: () => program.end(),
  };
}
