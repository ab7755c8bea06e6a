/** For a sentence: text from outside cannot break the line it stands in, nor colour the terminal. */
export function oneLine(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`)
}
