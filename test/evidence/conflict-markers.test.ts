import { expect, test } from 'vitest'
import { conflictMarkers } from '../../src/evidence/conflict-markers.ts'

/** Put together at run time: this file holds no conflict. */
const sign = (one: string, label = '', count = 7): string => one.repeat(count) + label

const conflicts: readonly (readonly [string, readonly string[], number])[] = [
  ["git's own", ['a', sign('<', ' HEAD'), 'x', sign('='), 'y', sign('>', ' b')], 2],
  ['one with its base', [sign('<', ' HEAD'), 'x', sign('|', ' base'), 'z', sign('='), 'y', sign('>', ' b')], 1],
  ['one with longer markers', ['a', sign('<', ' HEAD', 32), 'x', sign('=', '', 32), 'y', sign('>', ' b', 32)], 2],
  [
    'one below a heading that is underlined',
    ['Title', sign('=', '', 5), sign('<', ' HEAD', 32), 'Part', sign('='), sign('=', '', 32), 'y', sign('>', ' b', 32)],
    3,
  ],
  [
    'one within another',
    [sign('<', ' a'), sign('|', ' base'), sign('<', ' t', 9), sign('=', '', 9), sign('=', '', 7), 'y', sign('>', ' b')],
    1,
  ],
  [
    "Jujutsu's",
    [sign('<', ' Conflict 1 of 1'), sign('%', ' Changes'), '-x', sign('+', ' Contents'), 'y', sign('>', ' ends')],
    1,
  ],
  ['one whose begin was taken out', ['x', sign('='), 'y', sign('>', ' feature/b')], 2],
  ['one whose begin was taken out in a rebase', ['x', sign('='), 'y', sign('>', ' 1a2b3c4 (what it does)')], 2],
  ['one whose end was taken out', [sign('<', ' HEAD'), 'x', sign('='), 'y'], 1],
  ['one whose end was taken out, before another', [sign('<', ' a'), sign('='), 'y', sign('<', ' a'), 'z'], 1],
]

test.each(conflicts)('a conflict that nobody settled is known: %s', (_, lines, line) => {
  expect(conflictMarkers(lines.join('\n'))).toBe(line)
  expect(conflictMarkers(lines.join('\r\n'))).toBe(line)
})

const others: readonly (readonly [string, readonly string[]])[] = [
  ['ends of other lengths', [sign('<', ' HEAD', 9), 'x', sign('='), 'y', sign('>', ' b')]],
  ['no middle', [sign('<', ' HEAD'), 'x', sign('>', ' b')]],
  ['a middle with a label', [sign('<', ' HEAD'), 'x', sign('=', ' theirs'), 'y', sign('>', ' b')]],
  ['ends without labels', [sign('<'), 'x', sign('='), 'y', sign('>')]],
  ['a heading below a quotation', ['Title', sign('='), '', sign('>', ' quoted'), sign('<', ' x')]],
  ['a heading above what looks like a begin', ['Title', sign('='), '', sign('<', ' x'), 'text']],
  ['quoted mail below a heading', ['Mail', sign('='), sign('>', ' 1a2b3c4'), sign('>', ' you')]],
  ['marks in the middle of lines', [`a ${sign('<', ' HEAD')}`, sign('='), `b ${sign('>', ' b')}`]],
]

test.each(others)('what only looks like one is none: %s', (_, lines) => {
  expect(conflictMarkers(lines.join('\n'))).toBeNull()
})
