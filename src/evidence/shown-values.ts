/** Further back no remark begins that goes on here. */
const remarkMax = 4_000

/** A remark for manuals (`/** … *\/`) in which the code of an example has begun. */
const remark = /^\s*\*(?:\s|$)/
const example = /```|@example|@code\b|<pre>/
/** What a program says of itself in a language of its own. */
const manual = /^(?:EXAMPLES?|RETURN|DOCUMENTATION)\s{0,4}=\s{0,4}[a-z]{0,2}("""|''')(?:(?!\1)[^])*/gm
const session = /^\s*(?:>>>|\.\.\.)\s/
const examples =
  /^\s{0,20}\{\s{0,20}(?:"\w{1,20}"\s{0,4}:\s{0,4}"[^"\n]{0,100}"\s{0,4},\s{0,20}){0,4}"examples?"\s{0,4}:/

/**
 * Whether a place is in the code of an example, which manuals are made of: there, a name shows what belongs to it. What
 * is a secret by its own form is one there too.
 */
export function shownIn(text: string): (at: number) => boolean {
  let manuals: readonly RegExpExecArray[] | null = null
  if (examples.test(text)) return () => true
  return (at) => {
    manuals ??= [...text.matchAll(manual)]
    const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at)
    if (session.test(line) || (remark.test(line) && isInExample(text, at))) return true
    return manuals.some(({ index, 0: whole }) => index < at && at < index + whole.length)
  }
}

function isInExample(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - remarkMax), at)
  const begin = before.lastIndexOf('/**')
  return begin >= 0 && !before.includes('*/', begin) && example.test(before.slice(begin))
}
