import type { CommandModel, Kind, OptionModel } from './model.ts'
import { valuedFlags } from './model-lists.ts'
import { brief, fishQuoted } from './quote.ts'

export function fishScript(models: readonly CommandModel[], settings: readonly string[]): string {
  const known = models.map(({ path }) => path).filter((path) => path !== '')
  return `# Completion of workspace-sync for fish, made by: workspace-sync completion fish
function __workspace_sync_at --description 'Whether the command typed so far is this one'
    set -l words
    set -l pending no
    set -l tokens (commandline -opc)
    set -e tokens[1]
    for token in $tokens
        if test $pending = yes
            set pending no
            continue
        end
        switch $token
            case --
                test "$argv[1]" = foreign
                return
            case ${valuedFlags(models).join(' ')}
                set pending yes
            case '-*'
            case '*'
                if contains -- (string join ' ' $words $token) ${known.map(fishQuoted).join(' ')}
                    set -a words $token
                end
        end
    end
    test (string join ' ' x $words) = "x$argv[1]"
end

complete -c workspace-sync -e
complete -c workspace-sync -f
complete -c workspace-sync -n '__workspace_sync_at foreign' -F
${models.flatMap((model) => lines(model, settings)).join('\n')}
`
}

function lines(model: CommandModel, settings: readonly string[]): readonly string[] {
  const { path, options, subcommands, argument } = model
  // The first word of what is compared stands for the program itself.
  const where = `-n ${fishQuoted(`__workspace_sync_at ${fishQuoted(path === '' ? '' : ` ${path}`)}`)}`
  const names = subcommands.map(({ name, about }) => `-a ${fishQuoted(name)} -d ${fishQuoted(brief(about))}`)
  const values = names.length > 0 ? names : offered(argument, settings)
  return [...values, ...options.map((option) => optionLine(option, settings))].map(
    (line) => `complete -c workspace-sync ${where} ${line}`,
  )
}

function optionLine({ flags, about, value }: OptionModel, settings: readonly string[]): string {
  const names = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`))
  const taken = value === null ? [] : [value === 'files' ? '-r' : '-x', ...offered(value, settings)]
  return [...names, `-d ${fishQuoted(brief(about))}`, ...taken].join(' ')
}

function offered(kind: Kind, settings: readonly string[]): readonly string[] {
  if (typeof kind !== 'string') return [`-a ${fishQuoted(kind.choices.join(' '))}`]
  switch (kind) {
    case 'files':
      return ['-F']
    case 'directories':
      return [`-a ${fishQuoted('(__fish_complete_directories)')}`]
    case 'programs':
      return [`-a ${fishQuoted('(__fish_complete_command)')}`]
    case 'settings':
      return [`-a ${fishQuoted(settings.map((key) => `${key}=`).join(' '))}`]
    case 'nothing':
      return []
  }
}
