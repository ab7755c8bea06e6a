/**
 * How a name is given a value, in the languages of programs and settings. All patterns are sticky and tried where a
 * name ends; the value is the last group.
 */

/** The characters that open and close a literal. */
const quote = '["\'`]'
/** Of ASCII: text is read byte by byte, and what \\s has beyond is part of a letter there (0xA0 of `à`). */
const blanks = String.raw`\t\n\v\f\r `
const plain = `[^${blanks}"'\`]`
/** As `plain`, without what ends an argument. */
const argument = `[^${blanks}"'\`,;&|(){}<>]`
const literal = String.raw`(${quote})((?:\\.|(?!\1)[^\\\n]){1,600})\1`
const behind = '(?=$|[\\r\\n]|[ \\t][#;])'
/** A type between the name and what is assigned, of the languages that have one there: on the same line. */
const types =
  String.raw`[ \t]{0,4}:[ \t]{0,4}[&A-Za-z][\w.<>|&' ]{0,30}?|\[\d{0,4}\]|` +
  String.raw`[ \t]{1,4}[A-Za-z][\w.]{0,20}(?: String)?(?=\s)`
const type = String.raw`(?:${types})(?=[ \t]{0,4}=[^=])`
const assigns = String.raw`\s{0,20}(?:=>|:=|={1,3}|:|<-|\?\?=|\|\|=|\?=|[.+]=)\s{0,20}`
const wraps =
  '(?:(?:String::from|Some|SecretStr|SecureString|ConvertTo-SecureString|Buffer\\.from|\\[\\]byte)[( ]|[a-z@]{0,2})'

/** `password = "…"`, `"password": "…"`, `config['password'] ||= '…'`, `password: string = "…"`. */
const quotedValue = sticky(`(?:${quote}?\\]?|${type})${assigns}${wraps}${literal}`)
const falls = String.raw`(?:\?\?|\|\||\?:|\bor\b|\|\s{0,4}default\b\s{0,4}\(?)`
/** `getenv('DB_PASSWORD') || '…'`, `{{ password | default('…') }}`, `ENV.fetch('DB_PASSWORD') { '…' }`. */
const fallbackValue = sticky(String.raw`(?:${quote}?[\])]{0,2}\s{0,20}${falls}|["']\)\s{0,4}\{)\s{0,20}${literal}`)
/** `.password("…")`, `setPassword("…")`. */
const callValue = sticky(String.raw`\(\s{0,20}[a-z@]?${literal}\s{0,20}[,)]`)
/** `define('DB_PASSWORD', '…')`: the value is the next argument of a call that sets something, or a fallback. */
const nextArgument = sticky(String.raw`["']\]?\s{0,20},\s{0,20}(?:default\s{0,4}=\s{0,4})?[a-z]?${literal}`)
/** `CURLOPT_PASSWORD, "…"`: the value is the argument behind a constant that is named so. */
const constantArgument = sticky(String.raw`\s{0,20},\s{0,20}${literal}\s{0,20}[,)]`)
/** `{"a":"{\"password\":\"…\"}"}`: text in which other text is kept. */
const escapedValue = sticky(
  String.raw`(?:\\{1,3}["'])?\s{0,20}(?:=>|:=|[=:])\s{0,20}\\{1,3}["']([^"'\\\s]{1,600})\\{1,3}["']`,
)
/** `-H "X-Api-Key: …"`: a header in a literal of its own. */
const headerValue = sticky(String.raw`:[ \t]{0,4}([^\s"'\`$<{\\]{8,600})["'\`]`)
/** `<password>…</password>`. */
const elementValue = sticky(
  String.raw`(?:\s[^<>]{0,200})?>\s{0,40}(?:<!\[CDATA\[)?((?:[^<${blanks}\]]|\](?!\]>)){1,600})(?:\]\]>)?\s{0,40}<\/`,
)
const valueWords = '(?:(?:android:)?value|default|ParameterValue)'
/** `name="password" value="…"` and what else keeps names and values apart, in XML, JSON, YAML and HCL. */
const pairedValue = sticky(
  String.raw`["']?\s{0,20}[,;{]?\s{0,60}["']?${valueWords}["']?\s{0,20}[:=]\s{0,20}["']?` + `([^"'\\s<>,]{1,600})`,
)
const pairedElement = sticky(
  String.raw`(?:["'][^<>]{0,100}>|<\/\w{1,20}>\s{0,60}<(?:value|string)>)\s{0,40}([^<>\s]{1,600})\s{0,40}<\/`,
)
/** The rest of a line of settings, or the block that it begins. */
const bareValue = sticky(
  String.raw`${quote}?(?:\*\*)?[ \t]{0,20}(?::=|=>|=|:)(?:\*\*)?[ \t]{0,20}(?:[|>][+-]?[ \t]{0,20}\r?\n[ \t]{1,40})?` +
    `(${plain}{1,600})[ \\t]{0,20}${behind}`,
)
/** Behind the name and a blank, as in the settings of mail programs and in images of containers. */
const spacedValue = sticky(String.raw`[ \t]{1,20}(?![=:])(${plain}{1,600})[ \t]{0,20}${behind}`)
/** `:password "…"`. */
const keywordLiteral = sticky(`[ \\t]{1,20}${literal}`)
const spacedLiteral = sticky(String.raw`[ \t]{1,20}${literal}[ \t)]{0,20}${behind}`)
/** In the middle of a line of a shell, of an address or of a connection string. */
const inlineValue = sticky(`=((?!=)${argument}{1,600}?)(?=$|[\\s"'\`;&]|\\\\[nr])`)
/** As above, where `;` alone ends it. */
const connectionValue = sticky(`=((?!=)[^${blanks}"'\`;]{1,600})(?=$|[\\s"'\`;])`)
/** One of a row of options. */
const optionValue = sticky(`=(${argument}{1,600})(?=$|[\\s,])`)
/** `--password …` of a command. */
const flagValue = sticky(`[ \\t]{1,4}["']?((?!-)${argument}{1,600})`)

const valueForms = {
  quotedValue,
  fallbackValue,
  callValue,
  nextArgument,
  constantArgument,
  escapedValue,
  headerValue,
  elementValue,
  pairedValue,
  pairedElement,
  bareValue,
  spacedValue,
  keywordLiteral,
  spacedLiteral,
  inlineValue,
  connectionValue,
  optionValue,
  flagValue,
} as const

/** The value at a position; null: the form does not fit there. */
export function valueAt(form: keyof typeof valueForms, text: string, at: number): string | null {
  const pattern = valueForms[form]
  pattern.lastIndex = at
  return pattern.exec(text)?.at(-1) ?? null
}

function sticky(source: string): RegExp {
  return new RegExp(source, 'imy')
}
