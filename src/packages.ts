import { statSync } from 'node:fs'
import { createRequire } from 'node:module'

/**
 * A package that only some runs need. Not by `import()`: where a symbolic link leads to it (pnpm, `npm link`), Node
 * takes it as it is, link and all, if what the process looked at last was a socket or a pipe (seen with Node 20: its
 * `fs.realpathSync` asks the array that every stat shares for the kind of what it knows by heart). Its two loaders then
 * know one CommonJS module by two paths, load it under one, and hand out the other, empty. In one go, after a look at a
 * directory, nothing comes between; and what could not be loaded can be asked for again: not so with `import()`.
 */
export function loadPackage(name: string, from: string = import.meta.url): unknown {
  statSync('/')
  return createRequire(from)(name) as unknown
}
