/** Like `task`, but rejects with what `late` gives when it takes longer; the task itself goes on. */
export function inTime<T>(task: Promise<T>, limitMs: number, late: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(late()), limitMs);
    void task.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
