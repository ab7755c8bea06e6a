import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createProgram } from '../../src/cli/cli.ts'
import { bashScript } from '../../src/cli/completion/bash.ts'
import { fishScript } from '../../src/cli/completion/fish.ts'
import { completionModel } from '../../src/cli/completion/model.ts'
import { zshScript } from '../../src/cli/completion/zsh.ts'

// A shell of its own takes seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const settings = ['debounce.code', 'debounce.default', 'push.enabled']

let place: string
beforeAll(() => {
  place = realpathSync(mkdtempSync(join(tmpdir(), 'completion-')))
  mkdirSync(join(place, 'folder'))
  writeFileSync(join(place, 'a file.md'), '')
  writeFileSync(join(place, 'plain.md'), '')
  const models = completionModel(createProgram({ version: '0', out: () => {}, err: () => {} }, () => async () => {}))
  for (const [shell, script] of Object.entries({ bash: bashScript, zsh: zshScript, fish: fishScript })) {
    writeFileSync(join(place, `completion.${shell}`), script(models, settings))
  }
})
afterAll(() => rmSync(place, { recursive: true, force: true }))

/** What is typed, the cursor at its end, and every candidate. */
const cases: readonly (readonly [string, readonly string[]])[] = [
  ['workspace-sync st', ['start', 'status', 'stop']],
  ['workspace-sync filters ch', ['check']],
  ['workspace-sync -C filters filters ch', ['check']],
  ['workspace-sync start --fore', ['--foreground']],
  ['workspace-sync start --no-p', ['--no-push']],
  ['workspace-sync stop --no-', ['--no-color']],
  ['workspace-sync completion ', ['bash', 'fish', 'zsh']],
  ['workspace-sync test-filter pl', ['plain.md']],
  ['workspace-sync -C fo', ['folder']],
  ['workspace-sync start --set debounce.', ['debounce.code', 'debounce.default']],
  ['workspace-sync --set push.enabled=false sta', ['start', 'status']],
  ['workspace-sync stop ', []],
  ['workspace-sync pause --for ', []],
]

const lines = cases.map(([line]) => line)

/** Candidates without what marks them: a slash behind a folder, an equals sign behind a setting. */
function candidates(text: string): readonly string[] {
  const words = text.split('\n').map((word) => word.replace(/[/=]?(\t.*)?$/, ''))
  return [...new Set(words.filter((word) => word !== ''))].toSorted()
}

function run(shell: string, args: readonly string[]): string {
  const env = { PATH: process.env['PATH'] ?? '', HOME: place, TERM: 'dumb', LC_ALL: 'C.UTF-8' }
  const end = spawnSync(shell, args, { cwd: place, env, encoding: 'utf8', timeout: 50_000 })
  expect([end.error, end.stderr]).toEqual([undefined, ''])
  return end.stdout
}

function has(shell: string): boolean {
  const isThere = spawnSync(shell, ['-c', 'true']).status === 0
  if (!isThere) console.warn(`SKIPPED: ${shell} is not installed; .ci/run installs it`)
  return isThere
}

function expectAll(answers: readonly string[]): void {
  expect(answers.length).toBe(cases.length)
  for (const [index, [line, expected]] of cases.entries()) {
    expect(candidates(answers[index] ?? ''), line).toEqual(expected)
  }
}

test('bash', () => {
  // As readline calls it: words are cut at the equals sign too.
  const driver = String.raw`
source completion.bash
while IFS= read -r line; do
  COMP_WORDS=() word=
  for ((at = 0; at < ${'$'}{#line}; at++)); do
    letter=${'$'}{line:at:1}
    case $letter in
      ' ') [[ $word ]] && COMP_WORDS+=("$word"); word= ;;
      =) COMP_WORDS+=("$word" =); word= ;;
      *) word+=$letter ;;
    esac
  done
  COMP_WORDS+=("$word")
  COMP_CWORD=$(( ${'$'}{#COMP_WORDS[@]} - 1 ))
  _workspace_sync
  printf '%s\n' "${'$'}{COMPREPLY[@]}"
  printf '\0'
done
`
  const end = spawnSync('bash', ['--norc', '-c', driver], {
    cwd: place,
    input: `${lines.join('\n')}\n`,
    encoding: 'utf8',
  })
  expect(end.stderr).toBe('')
  expectAll(end.stdout.split('\0').slice(0, -1))
})

test('bash gives a name with a space whole', () => {
  const driver = `source completion.bash; COMP_WORDS=(workspace-sync sync a); COMP_CWORD=2; _workspace_sync
printf '%s' "\${COMPREPLY[@]}"`
  expect(run('bash', ['--norc', '-c', driver])).toBe('a file.md')
})

test.skipIf(!has('fish'))('fish', () => {
  const driver = ['source completion.fish', ...lines.map((line) => `complete -C '${line}'; printf '\\0'`)].join('\n')
  expectAll(run('fish', ['--no-config', '-c', driver]).split('\0').slice(0, -1))
})

test.skipIf(!has('zsh'))('zsh', () => {
  // A real line editor on a terminal of its own; what it offers is written down on the way.
  const driver = String.raw`
zmodload zsh/zpty
export OUT=$PWD/offered
: > $OUT
typed() { local n; for n in {1..800}; do [[ "$(<$OUT)" == *$1 ]] && return; sleep 0.02; done; print -u2 "no $1"; exit 1 }
zpty shell zsh -f -i
zpty -w shell 'PROMPT=; autoload -Uz compinit; compinit -u -D; source completion.zsh'
zpty -w shell 'compadd() { local -a hits; if [[ ${'$'}{@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then builtin compadd "$@"; return; fi
builtin compadd -A hits "$@"; (($#hits)) && print -rl -- $hits >> $OUT; builtin compadd "$@" }'
zpty -w shell '_offered() { _main_complete; print -rn -- END >> $OUT; }; zle -C offered list-choices _offered'
zpty -w shell 'bindkey "^I" offered; print -rn -- READY >> $OUT'
typed READY
while IFS= read -r line; do
  : > $OUT
  zpty -w -n shell $line$'\t'
  typed END
  print -rn -- "${'$'}{$(<$OUT)%END}"
  printf '\0'
  zpty -w -n shell $'\x15'
done < typed
zpty -d shell
`
  writeFileSync(join(place, 'typed'), `${lines.join('\n')}\n`)
  writeFileSync(join(place, 'driver.zsh'), driver)
  expectAll(run('zsh', ['-f', 'driver.zsh']).split('\0').slice(0, -1))
})

test('every script is one that its shell understands', () => {
  for (const shell of ['bash', 'zsh', 'fish'].filter(has)) run(shell, ['-n', `completion.${shell}`])
  expect(readFileSync(join(place, 'completion.zsh'), 'utf8')).toMatch(/^#compdef workspace-sync\n/)
})
