import { expect, test } from 'vitest'
import { credentialsFor } from '../../src/git/embedded/credentials.ts'

const goesTo = (url: string): boolean => credentialsFor(url, { GIT_PASSWORD: 'drawn' }) !== null

test('a password goes over https, and in the clear to this machine only, whatever an address looks like', () => {
  for (const url of ['https://host.example/x', 'http://127.0.0.1:80/x', 'http://a@localhost/x', 'http://[::1]:8080/x'])
    expect(goesTo(url), url).toBe(true)
  for (const url of [
    'http://host.example/x',
    'http://127.0.0.1:x@host.example/x',
    'http://localhost:x@host.example/x',
    'http://127.0.0.1.host.example/x',
    'no address',
  ])
    expect(goesTo(url), url).toBe(false)
})

test('without a password there is nothing to give, and a token needs no name', () => {
  expect(credentialsFor('https://host.example/x', { GIT_USERNAME: 'ada' })).toBeNull()
  const given = credentialsFor('https://host.example/x', { GIT_PASSWORD: 'drawn' })
  expect(given).toEqual({ username: 'git', password: 'drawn' })
})
