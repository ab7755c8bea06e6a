import { failureOf, repositoryError } from './failures.ts'
import type { ObjectReader } from './objects.ts'
import { outgoingChanges } from './outgoing-parse.ts'
import type { Outgoing, OutgoingRequest } from './survey.ts'
import type { Workbench } from './workbench.ts'

export function createOutgoing(
  bench: Workbench,
  objects: ObjectReader,
): (request: OutgoingRequest) => Promise<Outgoing> {
  return async ({ tips, known, remote, commitsMax, deadlineMs }) => {
    const here = await Promise.all(known.map(async (oid) => ((await objects.info(oid)) === null ? null : `^${oid}`)))
    const range = [
      ...tips,
      ...here.filter((oid) => oid !== null),
      ...(remote === null ? [] : ['--not', `--remotes=${remote}`]),
      '--',
    ]
    const list = ['rev-list', '--reverse', '--parents', `--max-count=${commitsMax + 1}`, ...range]
    const complete = ['rev-list', '--objects', '--quiet', '--missing=allow-promisor', ...range]
    const [listed, checked] = await Promise.all([
      bench.git.run({ args: list, deadlineMs }),
      bench.git.run({ args: complete, deadlineMs }),
    ])
    if (listed.code !== 0 && listed.fault !== 'timeout') throw repositoryError(failureOf('rev-list', listed))
    const commits = listed.stdout.toString('latin1').split('\n').filter(Boolean)
    const looked = commits.slice(-commitsMax).map((line) => line.split(' '))
    const roots = new Set(looked.flatMap(([commit = '', ...parents]) => (parents.length === 0 ? [commit] : [])))
    const differed = await bench.git.run({
      args: ['diff-tree', '--stdin', '-r', '--root', '-c', '-z', '--no-renames', '--raw'],
      input: looked.map(([commit]) => `${commit}\n`).join(''),
      deadlineMs,
    })
    const isLate = [listed, checked, differed].some(({ fault }) => fault === 'timeout' || fault === 'too-much')
    const broken = [checked, differed].find(({ code, fault }) => code !== 0 && fault === null)
    return {
      commits: looked.length,
      isCut: isLate || commits.length > commitsMax,
      changes: outgoingChanges(differed.stdout, roots),
      broken: broken === undefined ? null : failureOf('rev-list', broken),
    }
  }
}
