import { expect, test } from 'vitest'
import { parseStat } from '../../src/living.ts'
import { isWriteMode, parseWritten, sharedMappings, terminalPath } from '../../src/platform/proc-text.ts'

/** A real line, with a command name of one's choice. */
const line = (name: string, state = 'S', exitSignal = 17): string =>
  `4242 (${name}) ${state} 4200 4242 4199 34816 4242 4194304 169 0 0 0 0 0 0 0 20 0 1 0 212342 2654208 221 ` +
  `18446744073709551615 94 95 14 0 0 0 0 4096 0 0 0 0 ${exitSignal} 1 0 0 0 0 0 0 0 0 0 0 0 0 0\n`

test('a process is read from its line whatever it calls itself', () => {
  for (const name of ['sh', 'a b', ') R 1 1 1', '((', 'x) S 1 (y', '']) {
    expect(parseStat(line(name)), name).toEqual({
      pid: 4242,
      startTick: 212342,
      state: 'S',
      parent: 4200,
      group: 4242,
      session: 4199,
      terminal: 34816,
      foreground: 4242,
      isThread: false,
    })
  }
})

test('a thread is told from a process, and a process that ended from both', () => {
  expect(parseStat(line('node', 'S', -1))?.isThread).toBe(true)
  expect(parseStat(line('node', 'Z', -1))?.isThread).toBe(false)
})

test('what is no such line is nothing', () => {
  for (const text of ['', 'x', '12', '12 (sh', '12 (sh) S', '12 (sh) S a b c d e']) expect(parseStat(text)).toBe(null)
})

test('written bytes are those of write calls, not those that reached a disk', () => {
  expect(parseWritten('rchar: 7\nwchar: 90071\nsyscr: 1\nsyscw: 2\nread_bytes: 0\nwrite_bytes: 4096\n')).toBe(90071)
  expect(parseWritten('')).toBe(null)
})

test('a descriptor for reading is no descriptor for writing', () => {
  expect(isWriteMode('pos:\t0\nflags:\t0100000\nmnt_id:\t29\n')).toBe(false)
  expect(isWriteMode('pos:\t0\nflags:\t0102001\nmnt_id:\t29\n')).toBe(true)
  expect(isWriteMode('pos:\t0\nflags:\t0100002\n')).toBe(true)
  expect(isWriteMode('')).toBe(false)
})

test('a terminal has a file by its device number', () => {
  expect(terminalPath(0)).toBe(null)
  expect(terminalPath(34816)).toBe('/dev/pts/0')
  expect(terminalPath(34819)).toBe('/dev/pts/3')
  // The 300th: its minor number no longer fits into the low byte.
  expect(terminalPath((136 << 8) | 44 | (1 << 20))).toBe('/dev/pts/300')
  expect(terminalPath(1025)).toBe('/dev/tty1')
  expect(terminalPath(1280)).toBe(null)
})

test('only shared mappings that may be written to are a way to a file', () => {
  const lines = [
    '7f00-7f10 rw-s 00000000 fe:00 12 /w/table one.db',
    '7f10-7f20 r--s 00000000 fe:00 13 /w/read.db',
    '7f20-7f30 rw-p 00000000 fe:00 14 /w/private.so',
    '7f30-7f40 rw-s 00000000 00:01 15                         /dev/zero (deleted)',
    '7f40-7f50 rw-s 00001000 fe:00 16   /w/odd\\012name',
    '7f50-7f60 rw-p 00000000 00:00 0 ',
  ]
  expect(sharedMappings(lines.join('\n'))).toEqual(['/w/table one.db', '/dev/zero (deleted)', '/w/odd\nname'])
  expect(sharedMappings(lines.slice(1, 3).join('\n'))).toEqual([])
})
