import { expect, test } from 'vitest'
import { withoutSecrets } from '../../src/cli/without-secrets.ts'
import { privateKey } from '../support/private-key.ts'

/** Put together here, so that this file itself is no finding. */
const token = ['ghp', 'Zq8LmV3tXr5WcYb7NdKe2HjFg6TsAu9PoQi1'].join('_')

test('a line with a secret is named instead of shown, and all others stay', async () => {
  expect(await withoutSecrets('a\nb\n')).toBe('a\nb\n')
  expect(await withoutSecrets(`a\nthe token is ${token}\nb\n`)).toBe('a\n(line held: GitHub token)\nb\n')
})

test('of a key in several lines none is shown', async () => {
  const shown = await withoutSecrets(`a\n${privateKey()}\nb\n`)
  expect(shown).toMatch(/^a\n(?:\(line held: private key\)\n)+b\n$/)
  const [, second = ''] = privateKey().split('\n')
  expect(await withoutSecrets(`a\n${privateKey().replace(/-----END.*/, '')}\n`)).not.toContain(second)
})

test('what is encoded as a whole is not shown at all, and secrets far apart are all found', async () => {
  const encoded = Buffer.from(`token ${token}\n${'more text of no interest\n'.repeat(20)}`).toString('base64')
  const lines = encoded.match(/.{1,76}/g) ?? []
  expect(await withoutSecrets(`${lines.join('\n')}\n`)).not.toContain(lines[3])
  const far = `the token is ${token}\n${'text\n'.repeat(40_000)}the token is ${token}\n`
  expect(await withoutSecrets(far)).not.toContain(token)
})
