import { shellPath } from '../shell.ts'
import { pathBytes, type Failure, type Oid } from '../types.ts'
import { fail, pass, warn, type Check } from './check.ts'
import type { ConfigurationFact } from './facts.ts'
import type { Typed } from './typed.ts'
import { countText } from './words.ts'

/** What is wrong with one file of what is about to be pushed. It never holds the secret itself. */
export interface PushFinding {
  readonly kind: 'secrets' | 'size' | 'conflict-markers' | 'noise'
  readonly outcome: 'warn' | 'fail'
  readonly path: string
  /** The first commit that brings it. */
  readonly commit: Oid
  /** Where a rebase begins that can change it. */
  readonly rebaseFrom: string
  /** That commit is the last one of the checked-out branch: it can be amended. */
  readonly isLast: boolean
  /** It is still like that after the last commit. */
  readonly isThere: boolean
  readonly detail: string
}

export interface PushFacts {
  readonly typed: Typed
  readonly commits: number
  readonly blobs: number
  /** Why some of it was not looked at; empty: all of it was. */
  readonly unseen: readonly string[]
  /** What is missing among the objects that would be sent; null: nothing. */
  readonly broken: Failure | null
  readonly configuration: ConfigurationFact
  readonly findings: readonly PushFinding[]
}

/** Findings named in one check; more are counted. */
const namedMax = 5

export function prePushChecks(facts: PushFacts): readonly Check[] {
  const { broken, unseen, configuration } = facts
  const [mistake] = configuration.mistakes
  const { program, git, below } = facts.typed
  return [
    checkOf(facts, 'secrets', 'no secret', (first) => withoutFile(git, first, `if it may be shared: ${program} ack`)),
    checkOf(facts, 'size', 'no file is too large', (first) =>
      withoutFile(git, first, `with git LFS: ${git} lfs migrate import --include`),
    ),
    checkOf(facts, 'conflict-markers', 'no conflict markers', ({ path }) => {
      const file = shellPath(pathBytes(`${below}${path}`))
      return `\${EDITOR:-vi} ${file} && ${git} commit -m 'settle the conflict' -- ${shellPath(pathBytes(path))}`
    }),
    checkOf(
      facts,
      'noise',
      'nothing that the rules block',
      ({ path }) => `${git} rm --cached -- ${shellPath(pathBytes(path))}`,
    ),
    {
      name: 'integrity',
      ...(broken === null
        ? pass('every object that would be sent is there')
        : fail(`what would be sent is damaged: ${broken.detail}`, `${git} fsck --full`)),
    },
    ...(mistake === undefined
      ? []
      : [{ name: 'configuration', ...warn(`${mistake}; the built-in rules were used`, `${program} config check`) }]),
    { name: 'looked', ...looked(facts, unseen) },
  ]
}

function looked({ commits, blobs, typed }: PushFacts, unseen: readonly string[]): Omit<Check, 'name'> {
  const what =
    commits === 0 ? 'nothing new would be sent' : `${countText(blobs, 'file')} in ${countText(commits, 'commit')}`
  if (unseen.length === 0) return pass(what)
  return warn(
    `not everything was looked at: ${unseen.join(', ')} (looked at ${what})`,
    `${typed.git} log --oneline @{upstream}..  # push fewer commits at once`,
  )
}

function checkOf(
  { findings }: PushFacts,
  name: PushFinding['kind'],
  well: string,
  remedyOf: (first: PushFinding) => string,
): Check {
  const found = findings.filter(({ kind }) => kind === name)
  const worst = found.find(({ outcome }) => outcome === 'fail') ?? found[0]
  if (worst === undefined) return { name, ...pass(well) }
  const others = found.filter((one) => one !== worst)
  const named = [worst, ...others].slice(0, namedMax).map(({ path, commit, detail }) => {
    return `${path} in commit ${commit.slice(0, 10)}: ${detail}`
  })
  const more = found.length > namedMax ? `; and ${found.length - namedMax} more` : ''
  const say = worst.outcome === 'fail' ? fail : warn
  return { name, ...say(`${named.join('; ')}${more}`, remedyOf(worst)) }
}

/** What follows `#` is for the reader: the shell takes it for a comment. */
function withoutFile(git: string, { path, rebaseFrom, isLast, isThere }: PushFinding, otherwise: string): string {
  const word = shellPath(pathBytes(path))
  const rewrite = isLast
    ? `${git} rm --cached -- ${word} && ${git} commit --amend --no-edit --allow-empty`
    : `${git} rebase -i ${rebaseFrom}`
  return isThere ? `${rewrite}  # or, ${otherwise} ${word}` : rewrite
}
