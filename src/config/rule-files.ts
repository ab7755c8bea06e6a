import { basename } from 'node:path'
import type { RuleFile } from '../types.ts'
import { ruleFileBytesMax, ruleFilesMax } from './limits.ts'
import { nearest } from './nearest.ts'
import type { Mistake, Place } from './parse.ts'
import { readText, ruleFilePaths } from './read-text.ts'

/** Asked before all others: what systems, editors and downloads leave behind. */
const litterSet = 'litter'

export interface RuleFilesRead {
  readonly ruleFiles: readonly RuleFile[]
  readonly mistakes: readonly Mistake[]
}

/**
 * The built-in sets named by `wanted` (null: all) and the user's own files, read but not parsed.
 * @param place where `filters` was set, for an unknown name.
 */
export function readRuleFiles(
  builtInDirectory: string,
  userDirectory: string,
  wanted: readonly string[] | null,
  place: Place,
): RuleFilesRead {
  const builtIn = listed(builtInDirectory)
  const names = builtIn.paths.map(setName)
  const unknown = (wanted ?? []).filter((name) => !names.includes(name)).map((name) => unknownSet(name, names, place))
  const chosen = builtIn.paths.filter((path) => wanted === null || wanted.includes(setName(path)))
  const user = listed(userDirectory)
  const parts = [
    ...chosen.map((path) =>
      readOne(path, `filters/${basename(path)}`, setName(path) === litterSet ? 'litter' : 'built-in'),
    ),
    ...user.paths.map((path) => readOne(path, path, 'user')),
  ]
  return {
    ruleFiles: parts.flatMap((part) => part.ruleFiles),
    mistakes: [...unknown, ...builtIn.mistakes, ...user.mistakes, ...parts.flatMap((part) => part.mistakes)],
  }
}

function readOne(path: string, source: string, level: RuleFile['level']): RuleFilesRead {
  const read = readText(path, ruleFileBytesMax)
  if (read.kind === 'text') return { ruleFiles: [{ level, source, text: read.text }], mistakes: [] }
  if (read.kind === 'absent') return { ruleFiles: [], mistakes: [] }
  return { ruleFiles: [], mistakes: [{ ...startOf(source), problem: read.problem, remedy: read.remedy }] }
}

function listed(directory: string): { readonly paths: readonly string[]; readonly mistakes: readonly Mistake[] } {
  const paths = ruleFilePaths(directory)
  if (paths === 'unreadable') {
    return { paths: [], mistakes: [{ ...startOf(directory), problem: 'cannot be read', remedy: 'make it readable' }] }
  }
  if (paths.length <= ruleFilesMax) return { paths, mistakes: [] }
  const problem = `holds ${paths.length} rule files, more than ${ruleFilesMax}`
  return { paths: [], mistakes: [{ ...startOf(directory), problem, remedy: 'join some of them' }] }
}

function unknownSet(name: string, names: readonly string[], place: Place): Mistake {
  const meant = nearest(name, names)
  const remedy = meant === null ? `the built-in sets are ${names.join(', ')}` : `did you mean ${meant}?`
  return { ...place, problem: `filters: there is no built-in set "${name}"`, remedy }
}

function setName(path: string): string {
  return basename(path, '.rules')
}

function startOf(source: string): Place {
  return { source, line: null, column: null }
}
