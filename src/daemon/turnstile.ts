/** Lets one task through at a time, in the order in which they came. */
export class Turnstile {
  #last: Promise<unknown> = Promise.resolve()

  run<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(task, task)
    // Whoever comes next waits for the end, whatever it was.
    this.#last = turn.catch(() => undefined)
    return turn
  }
}
