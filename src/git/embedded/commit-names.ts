import { expandOid } from 'isomorphic-git'
import type { Oid } from '../../types.ts'
import { readHead, readRef } from '../heads.ts'
import { guardedFiles } from './guarded-files.ts'
import { needsGitError } from './needs-git.ts'
import type { EmbeddedParts } from './verbs.ts'

/** A branch, a tag, an id or its beginning, and steps back from it. What else git understands, needs git. */
export async function resolveName(parts: EmbeddedParts, name: string): Promise<Oid | null> {
  const [, base = '', steps = ''] = /^(.+?)((?:~\d*|\^)*)$/s.exec(name) ?? []
  if (/[\s~^:?*[\\@{]/.test(base)) throw needsGitError(`finding a commit by the name ${name}`)
  let oid = await baseOf(parts, base)
  const back = [...steps.matchAll(/~(\d*)|\^/g)].reduce((sum, [, count]) => sum + Number(count || 1), 0)
  for (let left = back; left > 0 && oid !== null; left -= 1) oid = (await parts.commits.read(oid)).parents[0] ?? null
  return oid
}

async function baseOf({ bench, objects }: EmbeddedParts, base: string): Promise<Oid | null> {
  if (base === 'HEAD') return (await readHead(bench)).oid
  const places = ['', 'refs/', 'refs/tags/', 'refs/heads/', 'refs/remotes/']
  const named = places.flatMap((prefix) =>
    (prefix === '' && !base.startsWith('refs/')) || base.includes('..') ? [] : (readRef(bench, prefix + base) ?? []),
  )
  const oid = named[0] ?? (/^[0-9a-f]{4,40}$/.test(base) ? await wholeId(bench.repository.gitDir, base) : null)
  if (oid === null) return null
  const object = await objects.read(oid)
  if (object?.type === 'tag') return /^object ([0-9a-f]{40})$/m.exec(object.bytes.toString('latin1'))?.[1] ?? null
  return object?.type === 'commit' ? oid : null
}

async function wholeId(gitDir: string, beginning: string): Promise<Oid | null> {
  if (beginning.length === 40) return beginning
  try {
    return await expandOid({ fs: guardedFiles({ gitDir, mayWritePacks: false }), gitdir: gitDir, oid: beginning })
  } catch (error) {
    // None, or several.
    if (error instanceof Error && 'code' in error && /^(?:NotFound|Ambiguous)/.test(String(error.code))) return null
    throw error
  }
}
