/**
 * What people set to have colours or none. `FORCE_COLOR` weighs more than `NO_COLOR`, as in Node itself; there `0` and
 * `false` say no. A `dumb` terminal shows escape sequences as they are.
 */
export function wantsColor(env: Readonly<Record<string, string | undefined>>, isTerminal: boolean): boolean {
  const forced = env['FORCE_COLOR'] ?? ''
  if (forced !== '') return forced !== '0' && forced !== 'false'
  return isTerminal && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb'
}
