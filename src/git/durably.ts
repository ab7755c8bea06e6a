import { failureOf, repositoryError } from './failures.ts'
import type { GitAnswer } from './run.ts'
import { durable, type Workbench } from './workbench.ts'

/** git whose objects and refs are on the disk before it says that they are there. */
export interface Durably {
  ask(
    args: readonly string[],
    input?: Buffer | string,
    environment?: Readonly<Record<string, string>>,
  ): Promise<GitAnswer>
  /** The one line of an answer. @throws SyncError `repository` */
  line(...asked: Parameters<Durably['ask']>): Promise<string>
}

export function durably(bench: Workbench): Durably {
  const ask: Durably['ask'] = (args, input = '', environment = {}) =>
    bench.git.run({ args: [...durable, ...args], input, environment, deadlineMs: bench.deadlines.treeMs })
  return {
    ask,
    line: async (...asked) => {
      const answer = await ask(...asked)
      if (answer.code !== 0 || answer.fault !== null) throw repositoryError(failureOf(asked[0][0] ?? '', answer))
      return answer.stdout.toString('latin1').trim()
    },
  }
}
