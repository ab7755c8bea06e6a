import type { PathBytes } from '../types.ts'
import { failureOf, repositoryError } from './failures.ts'
import { fields } from './parse.ts'
import type { Workbench } from './workbench.ts'

/** The filter by which git makes a file's blob, where its attributes name one and somebody has set it up here. */
export async function filterOf(bench: Workbench, path: PathBytes): Promise<string | null> {
  const { git, deadlines, settings } = bench
  const input = Buffer.from(`${path}\0`, 'latin1')
  const answer = await git.run({
    args: ['check-attr', '-z', '--stdin', 'filter'],
    input,
    deadlineMs: deadlines.plumbingMs,
  })
  if (answer.code !== 0) throw repositoryError(failureOf('check-attr', answer))
  const name = fields(answer.stdout)[2] ?? ''
  const config = await settings.read()
  const isSetUp = ['clean', 'process'].some((how) => (config.one(`filter.${name}.${how}`) ?? '') !== '')
  return isSetUp ? name : null
}
