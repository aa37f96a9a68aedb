import { freePort } from '../support/free-port.ts';
import { type Engine, Program } from './engine.ts';

const EVERY_MS = 100;
const MOST_TRIES = 200;

/** One command of WebDriver; its answer is under `value`. */
async function ask(url: string, body: object | null): Promise<unknown> {
  const response = await fetch(url, {
    method: body ? 'POST' : 'GET',
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const { value } = (await response.json()) as { value: unknown };
  if (!response.ok) throw new Error(`${url}: ${JSON.stringify(value)}`);
  return value;
}

async function listening(base: string): Promise<void> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const there = await ask(`${base}/status`, null).catch(() => null);
    if (there !== null) return;
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
  throw new Error('WebKitWebDriver does not answer.');
}

/** WebKit's driver tells nothing of the console: what is said after the page has loaded is kept. */
const LISTEN = `window.saidWrong = [];
addEventListener('error', (event) => saidWrong.push(event.message));
addEventListener('unhandledrejection', (event) => saidWrong.push(String(event.reason)));
const { error } = console;
console.error = (...words) => { saidWrong.push(words.join(' ')); error(...words); };`;

/** WebKitGTK, Safari's engine, on a screen that nobody sees; its window keeps at least 447 px. */
export async function startWebKit(home: string): Promise<Engine> {
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const screen = ['-a', '-s', '-screen 0 1600x1200x24', 'WebKitWebDriver', `--port=${port}`];
  const program = new Program('xvfb-run', screen, home);
  await listening(base);
  const made = await ask(`${base}/session`, { capabilities: { alwaysMatch: {} } });
  const session = `${base}/session/${(made as { sessionId: string }).sessionId}`;
  const run = (script: string) => ask(`${session}/execute/sync`, { script, args: [] });
  return {
    open: async (url) => {
      await ask(`${session}/url`, { url });
      await run(LISTEN);
    },
    resize: async (width, height) => {
      await ask(`${session}/window/rect`, { width, height });
    },
    evaluate: (expression) => run(`return ${expression}`),
    screenshot: async () =>
      Buffer.from((await ask(`${session}/screenshot`, null)) as string, 'base64'),
    errors: async () => (await run('return window.saidWrong ?? []')) as string[],
    close: () => program.end(),
  };
}
