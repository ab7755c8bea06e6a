import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { createEventSource } from '../../src/events/events.ts'
import { systemClock } from '../../src/platform/platform.ts'
import type { DiskEntry } from '../../src/types.ts'
import { until } from '../support/until.ts'
import { temporaryFolder } from '../support/watched-tree.ts'

const names: readonly (readonly [string, Buffer])[] = [
  ['a byte that is not UTF-8', Buffer.from([0x62, 0xff, 0x64])],
  ['only bytes that are not UTF-8', Buffer.from([0xe9])],
  ['a newline', Buffer.from('two\nlines')],
  ['a tab and a backslash', Buffer.from('tab\there\\n')],
  ['quotes', Buffer.from(`it's "quoted" \`here\``)],
  ['a composed letter', Buffer.from('caf\u00e9')],
  ['a decomposed letter', Buffer.from('cafe\u0301')],
  ['an emoji', Buffer.from('\u{1f9ea}-\u{1f468}\u200d\u{1f469}')],
  ['255 bytes', Buffer.from('n'.repeat(255))],
  ['255 bytes of letters that take two', Buffer.from(`${'\u00e9'.repeat(127)}x`)],
  ['a leading dash and spaces', Buffer.from('- name -')],
  ['a glob', Buffer.from('[*]{a,b}?')],
]

for (const [what, name] of names) {
  test(`${what} in the name of a file and of a directory is told byte for byte`, async () => {
    const root = temporaryFolder()
    const seen = new Map<string, DiskEntry | null>()
    const source = createEventSource({
      root,
      clock: systemClock,
      skip: () => false,
      onReady: () => {
        for (const event of source.take().events) seen.set(event.path, event.entry)
      },
    })
    onTestFinished(() => source.close())
    const slash = Buffer.from('/')
    const known = Buffer.concat([Buffer.from(`${root}/k`), name.subarray(1)])
    const made = Buffer.concat([Buffer.from(`${root}/`), name])
    mkdirSync(known)
    writeFileSync(Buffer.concat([known, slash, name]), 'old')
    await source.start()

    const inKnown = `k${name.subarray(1).toString('latin1')}/${name.toString('latin1')}`
    appendFileSync(Buffer.concat([known, slash, name]), 'new')
    await until('an edit in a directory known at start', () => seen.get(inKnown)?.sizeBytes === 6)

    mkdirSync(made)
    writeFileSync(Buffer.concat([made, slash, name]), 'made')
    const inMade = `${name.toString('latin1')}/${name.toString('latin1')}`
    await until('a file in a new directory', () => seen.get(inMade)?.sizeBytes === 4)
    appendFileSync(Buffer.concat([made, slash, name]), 'more')
    await until('a later edit', () => seen.get(inMade)?.sizeBytes === 8)
    rmSync(Buffer.concat([made, slash, name]))
    await until('its deletion', () => seen.get(inMade) === null)
    expect([...seen.keys()].toSorted()).toEqual([inKnown, inMade, name.toString('latin1')].toSorted())
  })
}
