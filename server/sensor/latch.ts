/** Lets one waiter wait until something is told, or until time is up. */
export class Latch {
  #settle: ((happened: boolean) => void) | null = null;

  /** True when `fire` was called within the seconds. */
  wait(seconds: number): Promise<boolean> {
    this.#settle?.(false);
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#settle?.(false), seconds * 1000);
      this.#settle = (happened) => {
        clearTimeout(timer);
        this.#settle = null;
        resolve(happened);
      };
    });
  }

  fire(): void {
    this.#settle?.(true);
  }

  cancel(): void {
    this.#settle?.(false);
  }
}
