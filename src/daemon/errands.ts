import type { ScheduleInput } from '../schedule/schedule.ts'

/** Tasks under way beside the loop, and what they told: the loop's next inputs. */
export class Errands {
  readonly #ring: () => void
  readonly #underWay = new Set<Promise<void>>()
  readonly #told: ScheduleInput[] = []
  #bug: { readonly error: unknown } | null = null

  constructor(ring: () => void) {
    this.#ring = ring
  }

  /** A task answers for the failures of the world itself; what it throws is a bug of ours and ends the loop. */
  start(task: Promise<readonly ScheduleInput[]>): void {
    const done = task
      .then((inputs) => void this.#told.push(...inputs))
      .catch((error: unknown) => void (this.#bug ??= { error }))
      .finally(() => {
        this.#underWay.delete(done)
        this.#ring()
      })
    this.#underWay.add(done)
  }

  tell(...inputs: readonly ScheduleInput[]): void {
    this.#told.push(...inputs)
    this.#ring()
  }

  takeTold(): readonly ScheduleInput[] {
    return this.#told.splice(0)
  }

  putBack(inputs: readonly ScheduleInput[]): void {
    this.#told.unshift(...inputs)
  }

  hasBug(): boolean {
    return this.#bug !== null
  }

  /** Resolves when nothing is under way any more. @throws the bug that ended the loop. */
  async finish(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay)
    if (this.#bug !== null) throw this.#bug.error
  }
}
