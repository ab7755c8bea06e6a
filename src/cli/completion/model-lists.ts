import type { CommandModel } from './model.ts'

/** Flags whose next word is their value. */
export function valuedFlags(models: readonly CommandModel[]): readonly string[] {
  const flags = models.flatMap(({ options }) => options.flatMap((one) => (one.value === null ? [] : one.flags)))
  return [...new Set(flags)]
}

/** `at` is a command so far, `word` the next one that is no option: what the shell's `case` does with it. */
export function steps(models: readonly CommandModel[], quoted: (word: string) => string): string {
  const groups = models.filter(({ subcommands }) => subcommands.length > 0)
  return groups
    .map(({ path, subcommands }) => {
      const cases = subcommands.map(({ name }) => `${name}) at=${quoted(`${path} ${name}`.trim())} ;;`)
      return `${quoted(path)}) case $word in ${cases.join(' ')} esac ;;`
    })
    .join('\n          ')
}

/** A `case` takes the first pattern that fits: `filters list` before `filters`. */
export function deepestFirst(models: readonly CommandModel[]): readonly CommandModel[] {
  return models.toSorted((a, b) => b.path.length - a.path.length)
}
