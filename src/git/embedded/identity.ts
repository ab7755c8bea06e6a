import type { Failure } from '../../types.ts'
import type { Config } from '../settings.ts'
import type { Workbench } from '../workbench.ts'

export type Role = 'author' | 'committer'

type Environment = Readonly<Record<string, string | undefined>>

/** `Name <address>`, from the environment or the configuration, as git; null: nothing is configured. */
export function identityOf(config: Config, environment: Environment, role: Role): string | null {
  const variable = (what: string): string | undefined => environment[`GIT_${role.toUpperCase()}_${what}`]
  const name = plain(variable('NAME') ?? config.one(`${role}.name`) ?? config.one('user.name') ?? '')
  const email = plain(
    variable('EMAIL') ?? config.one(`${role}.email`) ?? config.one('user.email') ?? environment['EMAIL'] ?? '',
  )
  return name === '' || email === '' ? null : `${name} <${email}>`
}

/** What would end a name or a line of the commit is left out, as git does (ident.c, `strbuf_addstr_without_crud`). */
function plain(text: string): string {
  return text.replaceAll(/[<>\n\0]/g, '').replaceAll(/^[\s.,:;"'\\]+|[\s.,:;"'\\]+$/g, '')
}

/** A name is not made up from the machine's: it would be on the remote for ever. */
export const noIdentity: Failure = {
  name: 'identity',
  detail: 'git knows neither name nor address to commit with',
  hint: 'write user.name and user.email into ~/.gitconfig, or set GIT_COMMITTER_NAME and GIT_COMMITTER_EMAIL',
  heals: 'person',
}

/** Seconds and zone, as commits and reflogs have them. */
export function stampOf({ clock }: Pick<Workbench, 'clock'>): string {
  const nowMs = clock.nowMs()
  const minutes = -new Date(nowMs).getTimezoneOffset()
  const two = (number: number): string => String(number).padStart(2, '0')
  const size = Math.abs(minutes)
  return `${Math.floor(nowMs / 1_000)} ${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${two(size % 60)}`
}
