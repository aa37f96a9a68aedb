import type { ConfigRequest } from '../../shared/api/sensor.ts';
import type { Dialogue } from './dialogue.ts';
import { NoAnswer } from './dialogue.ts';
import { isDump, type MenuSettings, parseMenu } from './menu.ts';
import {
  AVERAGING_DONE,
  AVERAGING_PROMPT,
  BANNER_END,
  CR,
  DEVICE_TITLE,
  ESC,
  MENU_BYTES,
  MENU_DELAY_S,
  MENU_PROMPT,
  MODE_PROMPT,
  POLLED_LINE,
  RATE_DONE,
  RATE_PROMPT,
  REFUSAL_PAUSE_S,
  REFUSALS,
  TAG_PROMPT,
} from './protocol.ts';

/** The device understood, and said no. */
export class Refused extends Error {}

/** The wire, as a visit to the menu needs it. */
export interface Wire {
  send(text: string): void;
  dialogue: Dialogue;
  baud: number;
}

const literal = (text: string) => new RegExp(text.replace(/[^\w\s]/g, '\\$&'));
const TITLE = literal(DEVICE_TITLE);
const PROMPT = literal(MENU_PROMPT);
const SAMPLING = `${literal(BANNER_END).source}.*\\r\\n|${literal(POLLED_LINE).source}\\r\\n`;
const PROMPT_OR_SAMPLING = new RegExp(`${PROMPT.source}|${SAMPLING}`);
const DUMP = /[^\r\n]*(?:,[^\r\n]*){13}\r\n/;

/** A device that is idle says its title within the menu's delay; this is well beyond it. */
const TITLE_WAIT_S = 2.5;
/** For a step that the device answers at once; its lines are short at any baud rate. */
const STEP_WAIT_S = 3;
/** ESC is lost while a banner is printed; CR ends a number that somebody left half typed. */
const KNOCKS = [ESC, ESC, CR + ESC, ESC];

/**
 * A visit to the device's menu: from ESC until X. Each step waits for what the
 * device says, never for a fixed time.
 */
export class Visit {
  #wire: Wire;
  /** The menu is being printed: the next command has to wait for its prompt. */
  #promptDue = false;
  /** A dialogue broke off: nobody knows what the device is waiting for. */
  #isMenuLost = false;
  settings: MenuSettings | null = null;

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  /** Makes the device leave its sampling loop; rejects with NoAnswer when it says nothing. */
  async enter(): Promise<void> {
    this.#wire.dialogue.begin();
    for (const keys of KNOCKS) {
      this.#wire.send(keys);
      const answered = await this.#wire.dialogue.expect('its menu', TITLE, TITLE_WAIT_S).then(
        () => true,
        (error: unknown) => {
          if (error instanceof NoAnswer) return false;
          throw error;
        },
      );
      if (!answered) continue;
      this.#promptDue = true;
      this.#isMenuLost = false;
      return;
    }
    throw new NoAnswer('its menu');
  }

  /** Waits for the prompt and reads the menu before it. */
  async ready(): Promise<MenuSettings> {
    if (this.#isMenuLost) await this.enter();
    if (!this.#promptDue && this.settings) return this.settings;
    const text = await this.#menuText();
    this.#promptDue = false;
    this.settings = parseMenu(text);
    if (this.settings === null) throw new NoAnswer('a menu that can be read');
    return this.settings;
  }

  /** A device that was just starting did not hear ESC: it is told again once it samples. */
  async #menuText(): Promise<string> {
    const seconds = MENU_DELAY_S + 2 * this.#secondsFor(MENU_BYTES) + REFUSAL_PAUSE_S;
    this.#isMenuLost = true;
    let text = '';
    while (!PROMPT.test(text)) {
      if (text !== '') await this.enter();
      text = await this.#wire.dialogue.expect('the end of its menu', PROMPT_OR_SAMPLING, seconds);
    }
    this.#isMenuLost = false;
    return text;
  }

  #secondsFor(bytes: number): number {
    return (bytes * 10) / this.#wire.baud;
  }

  /**
   * The configuration dump. The menu that follows it is waited for by the next step. A device
   * that was just printing loses what it is sent: it is asked once more.
   */
  async dump(): Promise<string> {
    const ask = async () => {
      await this.ready();
      return this.#ask('^', DUMP);
    };
    const text = await ask().catch((error: unknown) => {
      if (error instanceof NoAnswer) return ask();
      throw error;
    });
    this.#promptDue = true;
    const line = text.trimEnd().split('\n').at(-1) ?? '';
    if (!isDump(line)) throw new NoAnswer('its configuration');
    return line;
  }

  /** Applies the settings one by one, and gives what the menu says afterwards. */
  async apply(change: ConfigRequest): Promise<MenuSettings> {
    if (change.averaging !== undefined) await this.#setAveraging(change.averaging);
    if (change.adc_rate_hz !== undefined) await this.#setRate(change.adc_rate_hz);
    if (change.mode !== undefined || change.tag !== undefined) await this.#setMode(change);
    return this.ready();
  }

  async #setAveraging(averaging: number): Promise<void> {
    await this.ready();
    await this.#ask('A', literal(AVERAGING_PROMPT));
    await this.#number(`${averaging}${CR}`, AVERAGING_DONE);
    if ((await this.ready()).averaging !== averaging) throw new Refused('it kept its averaging');
  }

  async #setRate(rate: number): Promise<void> {
    await this.ready();
    await this.#ask('R', literal(RATE_PROMPT));
    await this.#number(`${rate}${CR}`, RATE_DONE);
    if ((await this.ready()).adcRateHz !== rate) throw new Refused('it kept its ADC rate');
  }

  /** The tag can only be told together with polled mode. */
  async #setMode({ mode, tag }: ConfigRequest): Promise<void> {
    const before = await this.ready();
    const wanted = mode ?? before.mode;
    if (wanted === 'polled' || tag !== undefined) await this.#setPolled(tag ?? before.tag ?? 'A');
    if (wanted === 'freerun') await this.#setFreerun();
    if ((await this.ready()).mode !== wanted) throw new Refused('it kept its mode');
  }

  async #setPolled(tag: string): Promise<void> {
    await this.#ask('M', literal(MODE_PROMPT));
    await this.#ask('1', literal(TAG_PROMPT));
    this.#character(tag);
    await this.ready();
  }

  async #setFreerun(): Promise<void> {
    await this.ready();
    await this.#ask('M', literal(MODE_PROMPT));
    this.#character('0');
  }

  /** Sends one step of a dialogue and waits for what must follow it. */
  async #ask(keys: string, reply: RegExp): Promise<string> {
    this.#isMenuLost = true;
    this.#wire.send(keys);
    const awaited = `its answer to “${keys.trim()}”`;
    const said = await this.#wire.dialogue.expect(awaited, reply, STEP_WAIT_S);
    this.#isMenuLost = false;
    return said;
  }

  /** Sends a number; the device confirms or refuses it, and prints its menu again. */
  async #number(keys: string, confirmation: RegExp): Promise<void> {
    const either = new RegExp(`${confirmation.source}|${REFUSALS.source}`);
    const said = await this.#ask(keys, either);
    this.#promptDue = true;
    const refusal = REFUSALS.exec(said)?.[0];
    if (refusal) throw new Refused(`it says: ${refusal.trim()}`);
  }

  /** Sends a single character; only the menu that comes after it confirms it. */
  #character(key: string): void {
    this.#wire.send(key);
    this.#promptDue = true;
  }

  /** Takes the settings into use. The device resets and samples; the visit is over. */
  async leave(): Promise<void> {
    await this.ready();
    this.#wire.dialogue.end();
    this.#wire.send('X');
    this.#promptDue = false;
    // Where the start fails nobody knows whether it sampled: the next step knocks first.
    this.#isMenuLost = true;
  }
}
