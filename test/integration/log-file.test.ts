import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  rmdirSync,
  statSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openLog } from '../../src/report/report.ts'
import { tempDirectory } from '../support/temp-repo.ts'

function place() {
  const { path: directory, dispose } = tempDirectory()
  onTestFinished(dispose)
  const path = join(directory, 'daemon.log')
  const log = openLog(path, 400, 'info')
  return { directory, path, log, tell: (text: string) => log.report({ kind: 'notice', text }) }
}

const linesOf = (path: string): number => readFileSync(path, 'utf8').split('\n').length - 1

test('what is written after the file was removed, or moved away, is in a new one', () => {
  const { path, log, tell } = place()
  tell('one')
  rmSync(path)
  tell('two')
  expect(readFileSync(path, 'utf8')).toMatch(/two/)
  renameSync(path, `${path}.old`)
  tell('three')
  expect([linesOf(`${path}.old`), linesOf(path)]).toEqual([1, 1])
  log.close()
})

test('while it cannot be opened anew nothing of it gets into another file', () => {
  const { directory, path, log, tell } = place()
  rmSync(path)
  mkdirSync(path)
  tell('lost')
  // Whoever opens a file now gets the number of one that was closed.
  const others = Array.from({ length: 5 }, (_, n) => openSync(join(directory, `other-${n}`), 'w'))
  tell('lost too')
  for (const [n, fd] of others.entries()) {
    closeSync(fd)
    expect(readFileSync(join(directory, `other-${n}`), 'utf8')).toBe('')
  }
  rmdirSync(path)
  tell('there again')
  expect(linesOf(path)).toBe(1)
  log.close()
})

test('it becomes the old one when it is full, and twice its size is all there ever is', () => {
  const { path, log, tell } = place()
  for (let n = 0; n < 20; n++) tell(`line ${n} ${'x'.repeat(100)}`)
  for (const file of [path, `${path}.1`]) {
    expect(statSync(file).size).toBeGreaterThan(0)
    expect(statSync(file).size).toBeLessThanOrEqual(400)
  }
  expect(readFileSync(path, 'utf8')).toMatch(/line 19 /)
  log.close()
})

test('what is told after it was closed goes nowhere, and takes no file from anybody', () => {
  const { directory, path, log, tell } = place()
  tell('one')
  log.close()
  // The next to open a file gets the number that was closed.
  const fd = openSync(join(directory, 'other'), 'w')
  tell('late')
  log.close()
  writeSync(fd, 'whole')
  closeSync(fd)
  expect([readFileSync(join(directory, 'other'), 'utf8'), linesOf(path)]).toEqual(['whole', 1])
})
