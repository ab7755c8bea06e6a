import type { ContentFormat, PathBytes } from '../types.ts'

/** `app.log`, and what rotation makes of it: `app.log.1`, `app.log.2.gz`, `app.log-20261120.gz`. */
const log = /\.log(?:[.-]\d{1,8})?(?:\.(?:gz|xz|bz2|zst))?$/i
/** What was typed into a shell, a pager or an interpreter, with the secrets typed there: logs by other names. */
const histories = new Set([
  '.bash_history',
  '.zsh_history',
  '.sh_history',
  '.ash_history',
  'fish_history',
  '.python_history',
  '.node_repl_history',
  '.irb_history',
  '.rhistory',
  '.sqlite_history',
  '.psql_history',
  '.mysql_history',
  '.mariadb_history',
  '.rediscli_history',
  '.lesshst',
  '.viminfo',
  '.wget-hsts',
])
const backup = /.(?:\.bak|\.backup(?:\.\d+)?|\.orig|~)$/i

/**
 * Directories that some tool fills and can fill again, by names that nobody gives to a directory of their own work.
 * Names such as `build`, `dist`, `target`, `vendor`, `env` or `.gradle` are left out for that reason: git's ignore
 * rules and rule files are the place for them.
 */
const caches = new Set([
  'node_modules',
  'bower_components',
  'jspm_packages',
  '.cache',
  '.parcel-cache',
  '.turbo',
  '.next',
  '.nuxt',
  '.svelte-kit',
  '.angular',
  '.nyc_output',
  '.sass-cache',
  '.npm',
  '.pnpm-store',
  '__pycache__',
  '.pytest_cache',
  '.mypy_cache',
  '.ruff_cache',
  '.hypothesis',
  '.ipynb_checkpoints',
  '.tox',
  '.nox',
  '.venv',
  '.terraform',
  '.dart_tool',
  '.stack-work',
])

/** What a machine keeps for itself, by name. Asked about untracked files only: tracking one is a person's decision. */
export function machineFormat(path: PathBytes): Extract<ContentFormat, 'log' | 'backup' | 'cache'> | null {
  const segments = path.split('/')
  const name = segments.pop() ?? ''
  if (segments.some((segment) => caches.has(segment))) return 'cache'
  if (log.test(name) || histories.has(name.toLowerCase())) return 'log'
  return backup.test(name) ? 'backup' : null
}
