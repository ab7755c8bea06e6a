import * as fc from 'fast-check'
import micromatch from 'micromatch'
import { expect, test } from 'vitest'
import { compileGlob, patternMatches } from '../../src/classify/globs.ts'

// Left out of the generated globs, because it differs on purpose or micromatch contradicts itself: quotes (micromatch
// drops them), ranges (there {1..10} is one digit, and a dot beside {a..c} breaks the match), [!a] (there no negation),
// + after a bracket or brace (there a repetition), ** before a brace (there still any depth, but ** before a letter is
// not), a choice that is a whole segment and may be empty (here a trailing slash), the fast paths (there *.* wants
// something after the dot, the parser does not), line breaks under **.
const differs = /[\]}]\+|\*\*\{|(?:^|\/)\{,c\}/

const plain = fc.constantFrom('a', 'b', 'c', '.', '-', '_', 'ab', '#', '@', '~', '!', ' ', '+', '$', '^', 'é')
const atom = fc.oneof(
  { weight: 6, arbitrary: plain },
  { weight: 3, arbitrary: fc.constantFrom('*', '?') },
  { weight: 1, arbitrary: fc.constantFrom('[ab]', '[a-c]', '[^a]', '[^a-b.]', '[]a]', '[a-]', '[.-]') },
  { weight: 1, arbitrary: fc.constantFrom('{a,b}', '{a,*.b}', '{,c}', '{a,{b,c}}', '{b}', '\\*', '\\[', '\\{') },
)
const globSegment = fc.oneof(
  { weight: 4, arbitrary: fc.array(atom, { minLength: 1, maxLength: 4 }).map((atoms) => atoms.join('')) },
  { weight: 1, arbitrary: fc.constantFrom('**', '*', '*.*', 'a*') },
)
const glob = fc
  .array(globSegment, { minLength: 1, maxLength: 4 })
  .map((segments) => segments.join('/'))
  .filter((text) => !differs.test(text))
const name = fc
  .array(fc.constantFrom('a', 'b', 'c', '.', '-', 'ab', '_', '*', '[', 'é', '{'), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join(''))
  .filter((text) => text !== '.' && text !== '..')
const path = fc.array(name, { minLength: 1, maxLength: 4 })

// Without strictSlashes `a/**` would match `a`.
const options = { fastpaths: false, dot: true, noext: true, nonegate: true, strictSlashes: true, maxLength: 512 }

function oracle(globText: string, names: readonly string[]): boolean {
  const text = names.join('/')
  // micromatch lets every glob match its own text.
  if (text === globText) return true
  return micromatch.isMatch(text, globText.includes('/') ? globText : `**/${globText}`, options)
}

function ours(globText: string, names: readonly string[]): boolean | null {
  const compiled = compileGlob(globText)
  return compiled.kind === 'fault' ? null : compiled.patterns.some((pattern) => patternMatches(pattern, names))
}

test('a glob matches what micromatch says it matches', () => {
  let compared = 0
  let matched = 0
  fc.assert(
    fc.property(glob, fc.array(path, { minLength: 8, maxLength: 8 }), (globText, paths) => {
      for (const names of paths) {
        const answer = ours(globText, names)
        if (answer === null || names.join('/') === globText) continue
        compared += 1
        matched += answer ? 1 : 0
        expect(answer, `${globText} on ${names.join('/')}`).toBe(oracle(globText, names))
      }
    }),
    { seed: 1, numRuns: 4000 },
  )
  expect(compared).toBeGreaterThan(20_000)
  expect(matched).toBeGreaterThan(1_000)
})
