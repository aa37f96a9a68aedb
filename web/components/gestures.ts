import { onBeforeUnmount, onMounted, type ShallowRef } from 'vue';

/** What a hand on the plot means. Pixels count from the left edge of the element. */
export interface Gestures {
  drag(px: number): void;
  scale(factor: number, px: number): void;
  point(px: number | null): void;
  /** A step through time, as a share of what is shown. */
  step(share: number): void;
  newest(): void;
}

const WHEEL_SPEED = 0.0016;
const KEY_STEPS: Record<string, number> = {
  ArrowLeft: -0.1,
  ArrowRight: 0.1,
  PageUp: -0.9,
  PageDown: 0.9,
};
const KEY_ZOOM: Record<string, number> = {
  '+': 0.5,
  '=': 0.5,
  '-': 2,
  ArrowUp: 0.8,
  ArrowDown: 1.25,
};

/** Pointer (one drags, two pinch), wheel and keyboard on a plot. */
export function useGestures(
  element: Readonly<ShallowRef<HTMLElement | null>>,
  gestures: Gestures,
): void {
  const pointers = new Map<number, number>();
  const place = (event: MouseEvent): number =>
    event.clientX - (element.value?.getBoundingClientRect().left ?? 0);

  function pinch(before: number[], after: number[]): void {
    const spread = ([a = 0, b = 0]: number[]) => Math.max(8, Math.abs(a - b));
    const middle = ((after[0] ?? 0) + (after[1] ?? 0)) / 2;
    gestures.scale(spread(before) / spread(after), middle);
  }

  function down(event: PointerEvent): void {
    pointers.set(event.pointerId, place(event));
    element.value?.setPointerCapture(event.pointerId);
  }

  function moved(event: PointerEvent): void {
    const x = place(event);
    gestures.point(x);
    const last = pointers.get(event.pointerId);
    if (last === undefined) return;
    const before = [...pointers.values()];
    pointers.set(event.pointerId, x);
    if (pointers.size === 1) gestures.drag(x - last);
    else pinch(before, [...pointers.values()]);
  }

  function up(event: PointerEvent): void {
    pointers.delete(event.pointerId);
    if (event.pointerType !== 'mouse') gestures.point(null);
  }

  function wheel(event: WheelEvent): void {
    event.preventDefault();
    const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
    if (sideways) gestures.drag(-event.deltaX);
    else gestures.scale(Math.exp(event.deltaY * WHEEL_SPEED), place(event));
  }

  function key(event: KeyboardEvent): void {
    const step = KEY_STEPS[event.key];
    const factor = KEY_ZOOM[event.key];
    if (step !== undefined) gestures.step(step);
    else if (factor !== undefined) {
      gestures.scale(factor, (element.value?.clientWidth ?? 0) / 2);
    } else if (event.key === 'End') gestures.newest();
    else return;
    event.preventDefault();
  }

  const leave = (): void => gestures.point(null);
  const listeners = { pointerdown: down, pointermove: moved, pointerup: up, pointercancel: up };

  onMounted(() => {
    for (const [name, listener] of Object.entries(listeners)) {
      element.value?.addEventListener(name, listener as EventListener);
    }
    element.value?.addEventListener('pointerleave', leave);
    element.value?.addEventListener('wheel', wheel, { passive: false });
    element.value?.addEventListener('keydown', key);
  });
  onBeforeUnmount(leave);
}
