import { expect, test } from 'vitest'
import { masked, tokensIn } from '../src/tokens.ts'

/** Made at run time: the repository itself holds nothing that looks like a secret. */
const body = 'a1B2c3D4e5'
const mixed = (count: number): string => body.repeat(Math.ceil(count / body.length)).slice(0, count)
const hex = (count: number): string => '0f1e2d3c4b'.repeat(Math.ceil(count / 10)).slice(0, count)

const tokens: readonly (readonly [string, string])[] = [
  ['ghp_', mixed(36)],
  ['github_pat_', mixed(82)],
  ['AKIA', mixed(16).toUpperCase()],
  ['glpat-', mixed(20)],
  ['xox', `b-${mixed(24)}-${mixed(24)}`],
  ['npm_', mixed(36)],
  ['sk-ant-', `oat01-${mixed(90)}`],
  ['sk-ant-api', `03-${mixed(90)}`],
  ['sk_live_', mixed(24)],
  ['AIza', mixed(35)],
  ['SG.', `${mixed(22)}.${mixed(42)}-`],
  ['hvs.', mixed(40)],
  ['dop_v1_', hex(64)],
  ['eyJ', `${mixed(20)}.eyJ${mixed(30)}.${mixed(43)}`],
  ['nfp_', mixed(40)],
]

test.each(tokens)('of a token only its begin is shown: %s', (prefix, rest) => {
  const token = `${prefix}${rest}`
  expect(masked(`remote: ${token} is refused`)).toBe(`remote: ${prefix}*** is refused`)
  expect(masked(JSON.stringify({ [token]: `a\n${token}` }))).toBe(`{"${prefix}***":"a\\n${prefix}***"}`)
  expect(masked(`notes/n-${token}.txt`)).toBe(`notes/n-${prefix}***.txt`)
  expect(tokensIn(`n-${token}.txt`).map((one) => one.token)).toContain(token)
})

test('what is no token stays as it is', () => {
  for (const text of [
    'a plain sentence, with a-name_and_another.txt',
    `commit ${hex(40)} and ${hex(64)}`,
    'https://github.com/a/b/security/secret-scanning/unblock-secret/2abCdEfGhIjKlMnOpQrStUvWxYz',
    'ghp_short, sk_live_docs, AIzaShort',
  ])
    expect(masked(text)).toBe(text)
})
