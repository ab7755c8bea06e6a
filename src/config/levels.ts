import { configBytesMax } from './limits.ts'
import { nearest } from './nearest.ts'
import { parseAssignment, parseFile, type Mistake, type Parsed } from './parse.ts'
import { readText } from './read-text.ts'
import { keys } from './schema.ts'

const variablePrefix = 'WORKSPACE_SYNC_'

/** @param source how the file is named to people. */
export function fileLevel(path: string, source: string): Parsed {
  const read = readText(path, configBytesMax)
  if (read.kind === 'text') return parseFile(read.text, source)
  if (read.kind === 'absent') return { given: [], mistakes: [] }
  return refused({ source, line: null, column: null, problem: read.problem, remedy: read.remedy })
}

/** `WORKSPACE_SYNC_LIMITS_COMMITS_PER_HOUR` is `limits.commitsPerHour`. An empty variable counts as not set. */
export function environmentLevel(env: Readonly<Record<string, string | undefined>>): Parsed {
  const keyOf = new Map<string, string>(keys.map((key) => [variableOf(key), key]))
  const parts = Object.entries(env).map(([name, text]): Parsed => {
    if (!name.startsWith(variablePrefix) || text === undefined || text === '') return { given: [], mistakes: [] }
    const key = keyOf.get(name)
    return key === undefined ? unknownVariable(name, [...keyOf.keys()]) : parseAssignment(key, text, name)
  })
  return joined(parts)
}

/** The `key=value` texts of the command line; the last one for a key wins. */
export function assignmentLevel(sets: readonly string[]): Parsed {
  return joined(
    sets.map((assignment) => {
      const equals = assignment.indexOf('=')
      if (equals > 0) return parseAssignment(assignment.slice(0, equals).trim(), assignment.slice(equals + 1), '--set')
      const problem = `"${assignment}" is no assignment`
      const remedy = 'write --set key=value, such as --set debounce.default=10s'
      return refused({ source: '--set', line: null, column: null, problem, remedy })
    }),
  )
}

function variableOf(key: string): string {
  return `${variablePrefix}${key.replace(/[A-Z]/g, '_$&').replaceAll('.', '_').toUpperCase()}`
}

function unknownVariable(name: string, known: readonly string[]): Parsed {
  const meant = nearest(name, known)
  const remedy = meant === null ? 'unset it; "workspace-sync config show" lists the keys' : `did you mean ${meant}?`
  return refused({ source: name, line: null, column: null, problem: 'is the variable of no setting', remedy })
}

function refused(mistake: Mistake): Parsed {
  return { given: [], mistakes: [mistake] }
}

function joined(parts: readonly Parsed[]): Parsed {
  return { given: parts.flatMap((part) => part.given), mistakes: parts.flatMap((part) => part.mistakes) }
}
