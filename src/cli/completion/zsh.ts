import { shellQuoted } from '../../shell.ts'
import type { CommandModel, Kind } from './model.ts'
import { deepestFirst, steps, valuedFlags } from './model-lists.ts'
import { brief } from './quote.ts'

/** For \`eval\` in .zshrc as well as for a file of the function path. */
export function zshScript(models: readonly CommandModel[], settings: readonly string[]): string {
  const ordered = deepestFirst(models)
  const valued = valuedFlags(models)
  return `#compdef workspace-sync
# Completion of workspace-sync for zsh, made by: workspace-sync completion zsh
_workspace_sync_take() {
  case $1 in
    files) _files ;;
    directories) _files -/ ;;
    programs) _command_names -e ;;
    settings) compadd -q -S = -- ${settings.map(shellQuoted).join(' ')} ;;
    nothing) _message 'no more arguments' ;;
    *) compadd -- "$@" ;;
  esac
}

_workspace_sync() {
  local cur=$words[CURRENT] at= pending= word= i
  local -a offered
  for ((i = 2; i < CURRENT; i++)); do
    word=$words[i]
    if [[ -n $pending ]]; then
      pending=
      continue
    fi
    case $word in
      --)
        if ((i == CURRENT - 1)); then _command_names -e; else _files; fi
        return
        ;;
      ${valued.join('|')}) pending=$word ;;
      -*) ;;
      *)
        case $at in
          ${steps(models, shellQuoted)}
        esac
        ;;
    esac
  done
  case $cur in
    ${valued.filter((flag) => flag.startsWith('--')).join('=*|')}=*)
      pending=\${cur%%=*}
      compset -P '*='
      ;;
  esac
  if [[ -n $pending ]]; then
    case "$at $pending" in
      ${models.flatMap(valueCases).join('\n      ')}
    esac
    return
  fi
  case "$at $cur" in
    ${ordered.flatMap(wordCases).join('\n    ')}
  esac
}

if [[ $funcstack[1] == _workspace_sync ]]; then
  _workspace_sync "$@"
else
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
  compdef _workspace_sync workspace-sync
fi
`
}

function valueCases({ path, options }: CommandModel): readonly string[] {
  return options.flatMap(({ flags, value }) => {
    const patterns = flags.map((flag) => shellQuoted(`${path} ${flag}`)).join('|')
    return value === null ? [] : [`${patterns}) _workspace_sync_take ${taken(value)} ;;`]
  })
}

function wordCases({ path, options, subcommands, argument }: CommandModel): readonly string[] {
  const flags = options.flatMap((option) => option.flags.map((flag) => described(flag, option.about)))
  const names = subcommands.map(({ name, about }) => described(name, about))
  const take =
    names.length > 0
      ? `offered=(${names.join(' ')}); _describe -t commands command offered`
      : `_workspace_sync_take ${taken(argument)}`
  return [
    `${shellQuoted(`${path} -`)}*) offered=(${flags.join(' ')}); _describe -o option offered ;;`,
    `${shellQuoted(`${path} `)}*) ${take} ;;`,
  ]
}

/** A colon parts the candidate from its description. */
function described(candidate: string, about: string): string {
  return shellQuoted(`${candidate.replaceAll(':', '\\:')}:${brief(about)}`)
}

function taken(kind: Kind): string {
  return typeof kind === 'string' ? kind : kind.choices.map(shellQuoted).join(' ')
}
