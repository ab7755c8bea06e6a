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
  const isInExample = examplesIn(text)
  return (at) => {
    manuals ??= [...text.matchAll(manual)]
    const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at)
    if (session.test(line) || (remark.test(line) && isInExample(at))) return true
    return manuals.some(({ index, 0: whole }) => index < at && at < index + whole.length)
  }
}

interface Code {
  readonly from: number
  readonly to: number
}

/** Each remark is searched once: one may have thousands of names in it. */
function examplesIn(text: string): (at: number) => boolean {
  const known = new Map<number, Code>()
  return (at) => {
    const begin = text.lastIndexOf('/**', at)
    if (begin < 0) return false
    const { from, to } = known.get(begin) ?? codeOf(text, begin)
    known.set(begin, { from, to })
    return from < at && at < to
  }
}

function codeOf(text: string, begin: number): Code {
  const end = text.indexOf('*/', begin + 3)
  const to = end < 0 ? text.length : end
  const from = text.slice(begin, to).search(example)
  return { from: from < 0 ? Infinity : begin + from, to }
}
