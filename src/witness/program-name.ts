import { basename, resolve } from 'node:path'

/**
 * What a program is called. Proof is the file that the kernel runs, or, when that is an interpreter, the script file
 * that its arguments name and that exists. A process may call itself anything in its command name, its title and
 * `argv[0]`: none of them is looked at.
 */
export interface Program {
  readonly executable: string
  readonly args: readonly string[]
  /** Where a relative script path begins. */
  directory(): string
}

const interpreters = new RegExp(
  `^(?:${[
    'node|nodejs|bun|deno|tsx',
    String.raw`(?:python|pypy|ruby|perl|php|lua)[\d.]*`,
    String.raw`(?:sh|bash|dash|ash|zsh|ksh\w*|fish|busybox)`,
  ].join('|')})$`,
)
/** Options that take the next argument for their value. */
const withValue = new Set([
  '-r',
  '--require',
  '--import',
  '--loader',
  '--experimental-loader',
  '-C',
  '--conditions',
  '--env-file',
  '--title',
  '-W',
  '-X',
  '-I',
  '-o',
  '-O',
])
/** What follows is code or a module's name: no script file is named. */
const codeInstead = new Set(['-c', '-e', '-p', '-m', '--eval', '--print', '-pe'])
const scriptExtension = /\.(?:[cm]?[jt]s|py|rb|pl|php|lua|sh|bash|zsh)$/

/** The file that makes the program what it is, and the names under which a pattern may know it. */
export function provenProgram(
  program: Program,
  isFile: (path: string) => boolean,
): { readonly file: string; readonly names: readonly [string, ...string[]] } {
  const { executable } = program
  const name = basename(executable)
  const script = interpreters.test(name) ? scriptOf(program, isFile) : null
  if (script === null) return { file: executable, names: [name] }
  const full = basename(script)
  const bare = full.replace(scriptExtension, '')
  return { file: script, names: bare === full ? [full] : [full, bare] }
}

function scriptOf({ args, directory }: Program, isFile: (path: string) => boolean): string | null {
  for (let at = 1; at < args.length; at++) {
    const argument = args[at] ?? ''
    if (codeInstead.has(argument)) return null
    if (withValue.has(argument)) at += 1
    else if (argument !== '' && !argument.startsWith('-')) {
      const path = resolve(directory(), argument)
      return isFile(path) ? path : null
    }
  }
  return null
}

/** The first pattern (regular expression, flag u) that fits a whole name. */
export function matchingPattern(names: readonly string[], patterns: readonly string[]): string | null {
  return patterns.find((source) => names.some((name) => new RegExp(`^(?:${source})$`, 'u').test(name))) ?? null
}
