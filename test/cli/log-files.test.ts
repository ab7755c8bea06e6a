import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { followFile, lastLines } from '../../src/cli/log-files.ts'
import { logLine } from '../../src/cli/messages/logs.ts'

function logPath(): string {
  const directory = mkdtempSync(join(tmpdir(), 'workspace-sync-log-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return join(directory, 'daemon.log')
}

test('the last lines come from the rotated file too when the new one is short', () => {
  const path = logPath()
  expect(lastLines(path, 5)).toBeNull()
  writeFileSync(`${path}.1`, 'a\nb\nc\n')
  writeFileSync(path, 'd\ne\n')
  expect(lastLines(path, 3)).toEqual(['c', 'd', 'e'])
  expect(lastLines(path, 2)).toEqual(['d', 'e'])
  expect(lastLines(path, 99)).toEqual(['a', 'b', 'c', 'd', 'e'])
})

test('what is written next is followed, whole lines only, from the end on', () => {
  const path = logPath()
  writeFileSync(path, 'before\n')
  const follower = followFile(path)
  expect(follower.take()).toEqual([])
  appendFileSync(path, 'one\ntw')
  expect(follower.take()).toEqual(['one'])
  appendFileSync(path, 'o \u00e4\n')
  expect(follower.take()).toEqual(['two \u00e4'])
  follower.close()
})

test('across a rotation nothing is lost and nothing told twice', () => {
  const path = logPath()
  writeFileSync(path, '')
  const follower = followFile(path)
  appendFileSync(path, 'last of the old\n')
  renameSync(path, `${path}.1`)
  expect(follower.take()).toEqual(['last of the old'])
  writeFileSync(path, 'first of the new\n')
  expect(follower.take()).toEqual(['first of the new'])
  expect(follower.take()).toEqual([])
  follower.close()
})

test('a log that does not exist yet, is emptied or deleted is followed all the same', () => {
  const path = logPath()
  const follower = followFile(path)
  writeFileSync(path, 'first\n')
  expect(follower.take()).toEqual(['first'])
  truncateSync(path, 0)
  appendFileSync(path, 'x\n')
  expect(follower.take()).toEqual(['x'])
  rmSync(path)
  expect(follower.take()).toEqual([])
  writeFileSync(path, 'anew\n')
  expect(follower.take()).toEqual(['anew'])
  follower.close()
})

test('a line is shown with its time and how loud it is; a broken one as it is, and safe for a terminal', () => {
  const when = (iso: string): string => `<${iso}>`
  const line = (level: number, msg: string) => JSON.stringify({ level, time: 't', report: 'x', msg })
  expect(logLine(line(30, 'committed a'), when, false)).toBe('<t> committed a')
  expect(logLine(line(40, 'held \u001b[2J'), when, false)).toBe('<t> warning: held \\u{1b}[2J')
  expect(logLine(line(50, 'failed'), when, true)).toBe('\u001b[33m<t> error: failed\u001b[0m')
  expect(logLine('{"level":30,"tim', when, false)).toBe('{"level":30,"tim')
  expect(logLine('null', when, false)).toBe('null')
})
