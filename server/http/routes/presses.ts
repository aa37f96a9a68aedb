/** A button that is pressed again within so long is pressed once. */
export const SAME_PRESS_MS = 1000;

interface Press {
  answer: Promise<unknown>;
  isOver: boolean;
  /** When it was last pressed, on a clock that never jumps. */
  lastAt: number;
}

/**
 * The presses of buttons. Control stations send a press several times while the button is held, and
 * a pilot who waits presses again: what comes within a second of the press before it, or while that
 * is being carried out, is no press of its own, and gets the same answer. Where nothing came of a
 * press, or another button was pressed in between, the next one counts.
 */
export class Presses {
  readonly #presses = new Map<string, Press>();

  /** `button` tells presses apart that mean different things: each has its own kind of answer. */
  press<T>(button: string, carryOut: () => Promise<T> | T): Promise<T> {
    this.#forgetBefore(button);
    const press = this.#presses.get(button) ?? this.#begin(button, carryOut);
    press.lastAt = performance.now();
    return press.answer as Promise<T>;
  }

  #begin(button: string, carryOut: () => unknown): Press {
    const press: Press = { answer: attempt(carryOut), isOver: false, lastAt: 0 };
    const done = () => {
      press.isOver = true;
    };
    press.answer.then(done, () => this.#presses.delete(button));
    this.#presses.set(button, press);
    return press;
  }

  #forgetBefore(button: string): void {
    const now = performance.now();
    for (const [other, { isOver, lastAt }] of this.#presses) {
      const isPast = other !== button || now - lastAt >= SAME_PRESS_MS;
      if (isOver && isPast) this.#presses.delete(other);
    }
  }
}

async function attempt(carryOut: () => unknown): Promise<unknown> {
  return carryOut();
}
