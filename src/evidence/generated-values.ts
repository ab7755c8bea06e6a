/** Passwords as managers of passwords and frameworks draw them: from all that a keyboard has. */

/** Quotes and what escapes them end a literal. */
const ofKeyboard = /^[!#-&(-[\]-_a-~]+$/

/** However mixed: calls, templates, tags, addresses, paths, classes of characters, escapes. */
const shapes: readonly RegExp[] = [
  // Calls, members, the end of a statement.
  /[A-Za-z_$][\w$]{2,}(?:\([^()]*\)|\[[\w.:+-]*\])|^[A-Za-z_$][\w$.]{3,}\(/,
  /^[\w$]+(?:\.[A-Za-z_$][\w$]*)+[,;()]*$|^[\w$]+[,;]$/,
  // Variables, templates, tags.
  /[$#%]\{[\w.:-]{2,}|\$\(\w{2,}|\{[{%][\w -]{2,}|<[%?/!a-z][\w -]*>|^\$\w+[,;)]*$|^%\w+%$|^&[a-z]+;/i,
  // Encrypted, or looked up elsewhere.
  /^(?:ENC[[(]|\{cipher\}|@[\w./:-]+$)|:\/\/|^[a-z][a-z+.-]{2,}:(?!\S*\d\S*[A-Z])/,
  // Paths and addresses of mail.
  /^(?:~|\.{1,2})?\/[\w.@/-]*$|^[\w.+-]+@[\w-]+(?:\.[\w-]+)+$/,
  // Versions and days.
  /^[\^~<>=v]*\d+\.\d+(?:\.\d+)?(?:[-+.][\w.+-]*)?$|^\d{4}-\d\d-\d\d/,
  // Classes of characters, groups, counts.
  /[a-z]-z|A-Z|[01]-9|\(\?[:=!<]|\[\^|\{\d+,\d*\}/,
]

/** Words, as expressions have them and hardly any drawn value. */
const word = /[a-z]{5}|[A-Z]{6}/

/**
 * In a line of settings: whatever is written there is the value, so that a sign in it makes no expression of it.
 * @param value without blanks
 */
export function isMixedSetting(value: string): boolean {
  return (
    value.length >= 8 && value.length <= 64 && kinds(value) >= 3 && steps(value) >= value.length / 3 && !hasShape(value)
  )
}

/** Between quotes, where regular expressions, selectors and formats stand, too. */
export function isMixedLiteral(value: string): boolean {
  if (value.length < 10 || value.length > 64 || hasShape(value) || word.test(value)) return false
  const signs = new Set(value.replace(/\w/g, '')).size
  const isMixed = /[a-z]/.test(value) && /[A-Z]/.test(value) && (/\d/.test(value) || signs >= 3)
  return isMixed && steps(value) >= value.length / 2
}

function hasShape(value: string): boolean {
  return !ofKeyboard.test(value) || shapes.some((shape) => shape.test(value))
}

function kinds(value: string): number {
  return [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z\d]/].filter((kind) => kind.test(value)).length
}

/** Runs of one kind of characters: words have few. */
function steps(value: string): number {
  return value.match(/[a-z]+|[A-Z]+|\d+|[^A-Za-z\d]+/g)?.length ?? 0
}
