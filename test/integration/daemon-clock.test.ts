import { onTestFinished, test } from 'vitest'
import { settableClock, startHere } from '../support/daemon-here.ts'
import { addRemote, makeRepo } from '../support/temp-repo.ts'
import { until } from '../support/until.ts'

const hourMs = 3_600_000

test.each([
  ['set back an hour', -hourMs],
  ['set forward a day', 24 * hourMs],
])('a clock that is %s is noticed, the tree is looked at, and edits go on reaching the remote', async (_, deltaMs) => {
  const repo = makeRepo({ 'notes.md': 'first\n' })
  onTestFinished(() => repo.dispose())
  const remote = addRemote(repo)
  const clock = settableClock()
  const { told, stop } = await startHere(repo, { clock })
  onTestFinished(stop)
  const onRemote = (): string => remote.show('main:notes.md')

  repo.write('notes.md', 'before\n')
  await until('the edit before the jump', () => onRemote() === 'before\n')
  repo.write('notes.md', 'across\n')
  clock.jump(deltaMs)
  await until('the edit across the jump', () => onRemote() === 'across\n', 10_000)
  await until('word of the jump', () => told.some((line) => line.includes('the clock jumped')))
  await until('a look at the whole tree', () => told.some((line) => line.includes('reconciled (the clock jumped)')))
  repo.write('notes.md', 'after\n')
  await until('the edit after the jump', () => onRemote() === 'after\n', 10_000)
})
