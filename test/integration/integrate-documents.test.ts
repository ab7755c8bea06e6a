import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeMachines, pushFrom, startMachine } from '../support/two-machines.ts'

const document = (at: string, decisions: readonly string[], owner = 'a'): string =>
  JSON.stringify({ last_update: at, owner, topics: ['x', 'y', 'z'], decisions, count: 1 }, null, 2) + '\n'

test.each(['merge', 'rebase'])(
  'two machines that both stamp a document put together what was meant: %s',
  async (mode) => {
    const path = 'notes/.claude.d/a b.json'
    const { here, there, remote } = makeMachines({ [path]: document('2026-01-01', ['one']) })
    pushFrom(there, { [path]: document('2026-01-03', ['one'], 'b') })
    const { daemon } = await startMachine(here, [`pull.mode=${mode}`])
    here.write(path, document('2026-01-02', ['one', 'two']))
    expect(await daemon.sync(null)).toEqual({ ok: true, held: [], problem: null })
    const both = document('2026-01-03', ['one', 'two'], 'b')
    expect(remote.show(`main:${path}`)).toBe(both)
    expect(readFileSync(join(here.root, path), 'utf8')).toBe(both)
    expect(here.git('for-each-ref', 'refs/workspace-sync/conflicts/')).toBe('')
    expect(here.git('status', '--porcelain')).toBe('')
    here.git('fsck', '--strict')
  },
)
